/**
 * Ports of the fleet's Services that somebody else set. Server-side apply merges a Service's ports by number, so an
 * apply leaves such a port beside the fleet's own, and the API server refuses the two for their one name. What is held
 * by the stack's own field manager, an apply removes: so the stack takes hold of the stray ports first.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */

import * as pulumi from "@pulumi/pulumi";
import { fieldManager } from "../components/names";
import { SERVICE_PORT } from "../components/service";
import { UserError } from "../lib/user-error";
import type { Api } from "./api";
import { KINDS, type FieldSet, type ManagedFields, type ObjectMeta } from "./wanted";

/** A Service that has ports which another field manager set. */
export interface StrayPorts {
  readonly service: string;
  /** The ports, as `8080/TCP`. */
  readonly ports: readonly string[];
  /** Who set them, by field manager. */
  readonly managers: readonly string[];
}

/** The stray ports of a Service, undefined where it has none. */
export function findStrayPorts(
  { name = "", managedFields = [] }: ObjectMeta,
  stack: string,
): StrayPorts | undefined {
  const others = managedFields.filter((entry) => !isOurs(entry, stack) && strayIn(entry).length > 0);
  if (others.length === 0) return undefined;
  return {
    service: name,
    ports: [...new Set(others.flatMap(strayIn))].sort(),
    managers: [...new Set(others.map(({ manager = "unknown" }) => manager))].sort(),
  };
}

/** The field managers of a Service, once the stack alone holds its ports. */
export function withPortsTaken(
  managedFields: readonly ManagedFields[],
  stack: string,
): readonly ManagedFields[] {
  const ours = managedFields.find((entry) => isOurs(entry, stack)) ?? {
    manager: fieldManager(stack),
    operation: "Apply",
    apiVersion: "v1",
    fieldsType: "FieldsV1",
    fieldsV1: {},
  };
  const others = managedFields.filter((entry) => entry !== ours);
  const taken = [ours, ...others].map(portsOf).reduce(union);
  return [
    withPorts(ours, taken),
    ...others.map((entry) => (strayIn(entry).length > 0 ? withPorts(entry, undefined) : entry)),
  ];
}

/**
 * Makes an update able to remove stray ports. A preview changes nothing and cannot ask the API server what would come
 * of it, so there the port is one that is not known yet, which shows the Service as one that will be updated.
 */
export async function mendStrayPorts(
  api: Api,
  services: readonly ObjectMeta[],
  { namespace, stack }: { readonly namespace: string; readonly stack: string },
): Promise<void> {
  const strays = services.flatMap((service) => findStrayPorts(service, stack) ?? []);
  if (strays.length === 0) return;
  for (const { service, ports, managers } of strays) {
    await pulumi.log.warn(
      `service/${service}: port ${ports.join(", ")} was set by ${managers.join(", ")}, not by this stack; ` +
        "`pulumi up --refresh` takes it away",
    );
  }
  if (pulumi.runtime.isDryRun()) return showAsUnknown(new Set(strays.map(({ service }) => service)));
  await Promise.all(
    strays.map(async ({ service }) => {
      const { resourceVersion, managedFields = [] } = services.find(({ name }) => name === service) ?? {};
      const path = `${KINDS.service.replace("{namespace}", namespace)}/${service}`;
      const { status, body } = await api.patch(path, [
        { op: "replace", path: "/metadata/managedFields", value: withPortsTaken(managedFields, stack) },
        // The API server refuses the patch where somebody changed the Service in between.
        { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
      ]);
      if (status === 200 || status === 404) return;
      const reason = (body as { message?: string }).message ?? `status ${status}`;
      throw new UserError(`service/${service}: its ports cannot be taken over (${reason}); try again`);
    }),
  );
}

function showAsUnknown(services: ReadonlySet<string>): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const { metadata, spec } = props as { metadata?: { name?: string }; spec?: object };
    if (type !== "kubernetes:core/v1:Service" || !services.has(metadata?.name ?? "")) return undefined;
    return {
      props: { ...props, spec: { ...spec, ports: [{ ...SERVICE_PORT, port: pulumi.unknown }] } },
      opts,
    };
  });
}

function isOurs({ manager, operation }: ManagedFields, stack: string): boolean {
  return manager === fieldManager(stack) && operation === "Apply";
}

/** Keys of an entry's ports are `k:` and the JSON of number and protocol. */
function strayIn(entry: ManagedFields): string[] {
  return Object.keys(portsOf(entry))
    .filter((key) => key.startsWith("k:"))
    .map((key) => JSON.parse(key.slice(2)) as { port: number; protocol: string })
    .filter(({ port, protocol }) => port !== SERVICE_PORT.port || protocol !== SERVICE_PORT.protocol)
    .map(({ port, protocol }) => `${port}/${protocol}`);
}

function portsOf({ fieldsV1, subresource }: ManagedFields): FieldSet {
  return subresource === undefined ? (fieldsV1?.["f:spec"]?.["f:ports"] ?? {}) : {};
}

function withPorts(entry: ManagedFields, ports: FieldSet | undefined): ManagedFields {
  const spec = { ...entry.fieldsV1?.["f:spec"] };
  if (ports === undefined) delete spec["f:ports"];
  else spec["f:ports"] = ports;
  return { ...entry, fieldsV1: { ...entry.fieldsV1, "f:spec": spec } };
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const result = { ...a };
  for (const [key, fields] of Object.entries(b)) result[key] = union(result[key] ?? {}, fields);
  return result;
}
