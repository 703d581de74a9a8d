// <Heard server="https://heard.example" site="shop" visitor={user?.id ?? null} />, once, near the root.
import { useEffect } from "react";
import { load_heard } from "./load_heard";

export function Heard({ server, site, visitor }: { server: string; site: string; visitor: string | null }) {
  useEffect(() => {
    load_heard(server, site)("identify", visitor);
  }, [server, site, visitor]);
  return null;
}
