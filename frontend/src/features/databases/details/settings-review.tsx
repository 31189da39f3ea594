import { ArrowRight } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { SettingsChanged } from "@/lib/api";
import { fieldInWords, valueInWords } from "./settings-draft";

interface SettingsReviewProps {
  /** What the server said it would do. */
  changed: SettingsChanged;
  isBusy: boolean;
  onApply: () => void;
  onBack: () => void;
}

/** What a change needs, before it is made. */
export function SettingsReview({ changed, isBusy, onApply, onBack }: SettingsReviewProps) {
  const { changes, requires_restart: restarts, database } = changed;
  const isRunning = database.desired_state === "running";
  const title = restarts
    ? isRunning
      ? "It restarts: apps lose their connections for some seconds"
      : "Its container is made anew; it stays stopped"
    : "It is done at once; nothing restarts";
  return (
    <section aria-label="Review" className="grid gap-3">
      <Notice kind={restarts && isRunning ? "warn" : "plain"} title={title}>
        <ul className="mt-1 grid gap-1.5">
          {changes.map(({ field, from, to, requires_restart: isOne }) => (
            <li key={field} className="flex flex-wrap items-center gap-x-2">
              <span className="font-medium">{fieldInWords(field)}</span>
              <span className="flex flex-wrap items-center gap-x-2 font-mono break-all">
                {valueInWords(field, from)} <ArrowRight className="size-3.5" aria-label="becomes" />{" "}
                {valueInWords(field, to ?? null)}
              </span>
              {restarts && !isOne ? <span className="text-muted-foreground">without a restart</span> : null}
            </li>
          ))}
          {changes.length === 0 ? <li>Nothing changes.</li> : null}
        </ul>
        {restarts ? (
          <p className="mt-2">
            The data stays. If it does not answer with the new settings, the old container is put back.
          </p>
        ) : null}
      </Notice>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" isBusy={isBusy} onClick={onApply}>
          {restarts && isRunning ? "Apply and restart" : "Apply"}
        </Button>
        <Button onClick={onBack}>Edit further</Button>
      </div>
    </section>
  );
}
