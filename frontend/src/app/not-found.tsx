import Link from "next/link";
import { FrontDoor } from "@/components/shell/front-door";

export default function NotFound() {
  return (
    <FrontDoor title="There is nothing here">
      <p className="text-muted-foreground">
        The address leads nowhere.{" "}
        <Link href="/container-manager/?tab=databases" className="text-accent underline underline-offset-4">
          Go to the databases
        </Link>
      </p>
    </FrontDoor>
  );
}
