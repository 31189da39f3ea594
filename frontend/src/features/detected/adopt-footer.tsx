"use client";

import { PanelRightOpen } from "lucide-react";
import { Button } from "@/components/ui/button";
import { isFinal, type Followed } from "@/features/operations/frames";
import { ADOPT_FORM } from "./adopt-form";

interface AdoptFooterProps {
  /** Whether the adoption was begun, and how far it is. */
  isAccepted: boolean;
  followed: Followed | null;
  /** Whether it was looked at, so that it is known what would change. */
  isExamined: boolean;
  isBusy: boolean;
  /** Why it can not be looked at; null when it can. */
  reason: string | null;
  onList: () => void;
  onBack: () => void;
  onAdopt: () => void;
  onOpen: () => void;
  onClose: () => void;
}

/** What comes next. */
export function AdoptFooter({
  isAccepted,
  followed,
  isExamined,
  isBusy,
  reason,
  onList,
  onBack,
  onAdopt,
  onOpen,
  onClose,
}: AdoptFooterProps) {
  if (followed?.state === "succeeded")
    return (
      <>
        <Button onClick={onClose}>Close</Button>
        <Button variant="primary" onClick={onOpen}>
          <PanelRightOpen aria-hidden /> Open
        </Button>
      </>
    );
  if (followed && isFinal(followed.state)) return <Button onClick={onBack}>Back</Button>;
  if (isAccepted) return <Button onClick={onClose}>Close, and let it go on</Button>;
  return (
    <>
      <Button onClick={onList}>Back</Button>
      {isExamined ? (
        <Button variant="primary" isBusy={isBusy} onClick={onAdopt}>
          Adopt it
        </Button>
      ) : (
        <Button type="submit" form={ADOPT_FORM} variant="primary" reason={reason} isBusy={isBusy}>
          Look at it
        </Button>
      )}
    </>
  );
}
