import { isOwn } from "../fleet/owner";
import type { Snapshot } from "./snapshot";

/** Whether the stack has the Namespace. A user who may not read one may not create one either: it is used as it is. */
export function managesNamespace({ namespace }: Pick<Snapshot, "namespace">, stack: string): boolean {
  if (namespace === "unreadable") return false;
  return namespace === "missing" || isOwn(namespace.metadata ?? {}, stack);
}
