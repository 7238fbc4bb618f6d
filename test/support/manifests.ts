import { createFleet } from "../../components/fleet";
import { type Manifest, manifests, registered } from "../../dev/registered";

/** The objects of these kinds that the program makes of a fleet, without its Namespace. */
export async function manifestsOf(
  fleet: Parameters<typeof createFleet>[0],
  kinds: readonly string[],
): Promise<Manifest[]> {
  const resources = await registered(() => {
    createFleet(fleet, { managesNamespace: false });
  });
  return manifests(resources).filter(({ kind }) => kinds.includes(kind));
}
