"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useEngines } from "@/features/engines/queries";
import { isFinal } from "@/features/operations/frames";
import { useOperation } from "@/features/operations/queries";
import { unwatch, watch } from "@/features/operations/watched";
import { useKept } from "@/features/kept/queries";
import { useMay } from "@/features/auth/queries";
import type { EngineInfo } from "@/lib/api";
import { useQueryState } from "@/lib/use-query-state";
import { useCreateDatabase, useDatabases } from "../queries";
import { ConfigureStep, FORM_ID } from "./configure-step";
import { DeployFooter, DeployStep } from "./deploy-step";
import { emptyDraft, problems, toRequest } from "./draft";
import { TypeStep } from "./type-step";

const STEPS = ["Type", "Configure", "Deploy"];

interface CreateDialogProps {
  /** The engine that was chosen already, or any other word. */
  wanted: string;
  onClose: () => void;
}

/** Makes a database: which engine, how, and then with its progress. */
export function CreateDialog({ wanted, onClose }: CreateDialogProps) {
  const [query, setQuery] = useQueryState();
  const { data: engines } = useEngines();
  const { data: allKept } = useKept();
  const taken = useDatabases().data?.map(({ name }) => name) ?? [];
  const forbidden = useMay()("admin");
  const kept = allKept?.find(({ id }) => id === query.get("kept")) ?? null;
  const [chosen, setChosen] = useState<EngineInfo | "none" | null>(null);
  const engine = chosen === "none" ? null : (chosen ?? engines?.find(({ type }) => type === wanted) ?? null);
  const [typed, setDraft] = useState<ReturnType<typeof emptyDraft> | null>(null);
  const draft = typed ?? emptyDraft(kept);
  const [isTried, setTried] = useState(false);
  const create = useCreateDatabase();
  const accepted = create.data;
  const step = accepted ? 2 : engine ? 1 : 0;

  const submit = () => {
    setTried(true);
    if (engine === null || Object.keys(problems(draft, taken)).length > 0) {
      focusFirstProblem();
      return;
    }
    create.mutate(toRequest(engine, draft, kept), { onError: focusFirstProblem });
  };
  const operationId = accepted?.operation.id ?? null;
  const isOver = useStaysUnwatched(operationId);
  const close = () => {
    if (accepted && !isOver) watch(accepted.operation.id, accepted.database.name);
    onClose();
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      isSticky={step === 1}
      title={engine ? `New ${engine.display_name}` : "New database"}
      description={<Steps at={step} />}
      className="sm:w-[min(94vw,48rem)]"
      footer={
        accepted && operationId ? (
          <DeployFooter
            operationId={operationId}
            onBack={create.reset}
            onRetry={submit}
            onOpen={() => setQuery({ new: null, kept: null, db: accepted.database.id })}
            onClose={close}
          />
        ) : step === 1 ? (
          <>
            {kept ? null : <Button onClick={() => setChosen("none")}>Back</Button>}
            <Button
              type="submit"
              form={FORM_ID}
              variant="primary"
              isBusy={create.isPending}
              reason={forbidden}
            >
              Deploy
            </Button>
          </>
        ) : null
      }
    >
      {accepted && operationId ? (
        <DeployStep operationId={operationId} database={accepted.database} />
      ) : engine ? (
        <ConfigureStep
          engine={engine}
          kept={kept}
          draft={draft}
          onChange={setDraft}
          isTried={isTried}
          error={create.error}
          onSubmit={submit}
        />
      ) : (
        <TypeStep onChoose={setChosen} />
      )}
    </Dialog>
  );
}

/** While the dialog shows an operation, the corner does not. Says whether it is over. */
function useStaysUnwatched(operationId: string | null): boolean {
  const { followed } = useOperation(operationId);
  const isOver = followed !== null && isFinal(followed.state);
  useEffect(() => {
    if (operationId !== null) unwatch(operationId);
  }, [operationId, isOver]);
  return isOver;
}

function focusFirstProblem(): void {
  // After the errors are drawn.
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`#${FORM_ID} [aria-invalid=true]`)?.focus(),
  );
}

function Steps({ at }: { at: number }) {
  return (
    <span className="label-caps flex gap-2">
      {STEPS.map((name, index) => (
        <span
          key={name}
          aria-current={index === at ? "step" : undefined}
          className={index === at ? "text-foreground" : ""}
        >
          {index > 0 ? <span aria-hidden>→ </span> : null}
          {name}
        </span>
      ))}
    </span>
  );
}
