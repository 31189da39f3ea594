import { Notice } from "@/components/ui/notice";
import { address } from "@/features/databases/status";
import type { AdoptionReport } from "@/lib/api";
import { sentence } from "@/lib/format";

/** What was found, what would change and what stays, before anything does. */
export function AdoptReport({ report }: { report: AdoptionReport }) {
  const { external_port: port, bind_address: bound } = report;
  const facts: [string, string][] = [
    ["Server", report.server_version],
    ["Login", `${report.admin_user} (${report.login_from})`],
    [
      "Data",
      report.volumes.map(({ source, mount_path }) => `${source} on ${mount_path}`).join(", ") ||
        "in the container",
    ],
    ["From outside", port === null || bound === null ? "not at all" : address(bound, port)],
    ["Apps reach it at", `${report.name}:${report.internal_port} on ${report.network}`],
  ];
  return (
    <section aria-label="What was found" className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Notice kind="good" title="A login was answered. Nothing has changed yet." />
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-2 text-[0.8125rem]">
        {facts.map(([term, value]) => (
          <div key={term} className="contents">
            <dt className="text-muted-foreground">{term}</dt>
            <dd className="font-mono wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      <Sentences
        title="What changes"
        lines={report.changes}
        absent="Nothing: it is on the network already."
      />
      <Sentences title="What stays with whoever made it" lines={report.stays} absent="Nothing else." />
    </section>
  );
}

function Sentences({ title, lines, absent }: { title: string; lines: string[]; absent: string }) {
  return (
    <div>
      <h3 className="label-caps text-muted-foreground">{title}</h3>
      <ul className="mt-1.5 grid list-disc gap-1 pl-5 text-[0.8125rem]">
        {lines.map((line) => (
          <li key={line} className="break-words">
            {sentence(line)}
          </li>
        ))}
        {lines.length === 0 ? <li>{absent}</li> : null}
      </ul>
    </div>
  );
}
