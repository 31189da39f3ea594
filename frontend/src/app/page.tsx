import { Redirect } from "@/components/shell/redirect";

/** The server leads from here to the databases by itself; this is for whoever serves the pages otherwise. */
export default function Home() {
  return <Redirect to="/container-manager/?tab=databases" />;
}
