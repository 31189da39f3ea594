"use client";

import { useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { ErrorNotice, Notice } from "@/components/ui/notice";
import { Loading } from "@/components/ui/skeleton";
import { useMay } from "@/features/auth/queries";
import { DeployStep } from "@/features/databases/create/deploy-step";
import { useDatabases } from "@/features/databases/queries";
import { isFinal } from "@/features/operations/frames";
import { useOperation } from "@/features/operations/queries";
import { watch } from "@/features/operations/watched";
import { codeOf, type DetectedDatabase } from "@/lib/api";
import { useQueryState } from "@/lib/use-query-state";
import { AdoptFooter } from "./adopt-footer";
import { AdoptForm } from "./adopt-form";
import { AdoptReport } from "./adopt-report";
import { adoptProblem, draftFor, toAdoption, whyNotAdopt, type AdoptDraft } from "./adoption";
import { DetectedList } from "./detected-list";
import { useAdopt, useDetected, useExamine } from "./queries";

interface AdoptDialogProps {
  /** A container, or any other word for the list. */
  wanted: string;
  onClose: () => void;
}

/** One that is being adopted, as it was found: it is no longer detected once it is adopted. */
interface Work {
  found: DetectedDatabase;
  draft: AdoptDraft;
  /** Whether its container did not tell a login that works. */
  needsLogin: boolean;
}

/** Looks after a database that somebody else made: which, what is found, and then with its progress. */
export function AdoptDialog({ wanted, onClose }: AdoptDialogProps) {
  const forbidden = useMay()("admin");
  const detected = useDetected(forbidden === null);
  const taken = useDatabases().data?.map(({ name }) => name) ?? [];
  const [, setQuery] = useQueryState();
  const [begun, setBegun] = useState<Work | null>(null);
  const examine = useExamine();
  const adopt = useAdopt();
  const fresh = detected.data?.find(({ container_id }) => container_id === wanted);
  const work: Work | null =
    begun?.found.container_id === wanted
      ? begun
      : fresh
        ? { found: fresh, draft: draftFor(fresh, taken), needsLogin: false }
        : null;
  const accepted = work ? adopt.data : undefined;
  const { followed } = useOperation(accepted?.operation.id ?? null);
  const isOver = followed !== null && isFinal(followed.state);

  const forget = () => {
    examine.reset();
    adopt.reset();
  };
  const choose = (container: string | null) => {
    forget();
    setBegun(null);
    setQuery({ adopt: container ?? "list" }, "replace");
  };
  const edit = (change: Partial<AdoptDraft>) => {
    if (work === null) return;
    forget();
    setBegun({ ...work, draft: { ...work.draft, ...change } });
  };
  const look = () => {
    if (work === null || adoptProblem(work.draft, taken) !== null) return;
    setBegun(work);
    const adoption = { container: work.found.container_id, body: toAdoption(work.draft) };
    examine.mutate(adoption, {
      onError: (error) => {
        if (codeOf(error) === "credentials_rejected") setBegun({ ...work, needsLogin: true });
      },
    });
  };
  const begin = () => {
    if (work === null) return;
    adopt.mutate({ container: work.found.container_id, body: toAdoption(work.draft) });
  };
  const close = () => {
    if (accepted && !isOver) watch(accepted.operation.id, accepted.database.name);
    onClose();
  };
  const { data: report } = examine;
  return (
    <Dialog
      isOpen
      isSticky={begun !== null && !accepted}
      onClose={close}
      title={work ? `Adopt ${work.found.container_name}` : "Found on this host"}
      description="Databases that somebody else made, to be looked after from here."
      className="sm:w-[min(94vw,46rem)]"
      footer={
        work ? (
          <AdoptFooter
            followed={accepted ? followed : null}
            isAccepted={accepted !== undefined}
            isExamined={report !== undefined}
            isBusy={examine.isPending || adopt.isPending}
            reason={forbidden ?? whyNotAdopt(work.found)}
            onList={() => choose(null)}
            onBack={forget}
            onAdopt={begin}
            onOpen={() => setQuery({ adopt: null, db: accepted?.database.id ?? null })}
            onClose={close}
          />
        ) : null
      }
    >
      {forbidden ? <Notice kind="plain" title={forbidden} /> : null}
      {accepted ? (
        <DeployStep
          operationId={accepted.operation.id}
          database={accepted.database}
          doneWord="is adopted"
          undoneText="Everything was taken back; the container is as it was."
        />
      ) : work ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <AdoptForm
            found={work.found}
            draft={work.draft}
            needsLogin={work.needsLogin}
            problem={adoptProblem(work.draft, taken)}
            error={adopt.error ?? examine.error}
            onChange={edit}
            onSubmit={look}
          />
          {report && !adopt.error ? <AdoptReport report={report} /> : null}
        </div>
      ) : detected.isPending && forbidden === null ? (
        <Loading what="what is on the host" />
      ) : detected.isError ? (
        <ErrorNotice error={detected.error} />
      ) : forbidden === null ? (
        <DetectedList found={detected.data ?? []} onChoose={choose} />
      ) : null}
    </Dialog>
  );
}
