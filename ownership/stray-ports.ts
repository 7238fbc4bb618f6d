/**
 * Ports of the fleet's Services that somebody else set. Server-side apply merges a Service's ports by number, so an
 * apply keeps such a port beside the fleet's own, and the API server refuses two ports with the same name. An apply
 * removes only fields that the stack's own field manager owns, so the stack takes the stray ports over first.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */

import * as pulumi from "@pulumi/pulumi";
import { pathOf, SERVICE_PORT } from "../fleet/objects";
import { fieldManager, type FieldSet, type ManagedFields, type ObjectMeta } from "../fleet/owner";
import type { Api } from "../kubernetes/api";
import { UserError } from "../lib/user-error";

/** The stray ports of a Service, such as `8080/TCP`. */
export function strayPorts({ managedFields = [] }: ObjectMeta): readonly string[] {
  return [...new Set(managedFields.flatMap(strayIn))].sort();
}

/** The field managers of a Service after the stack has taken over all of its ports. */
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
    ...others.flatMap((entry) => (strayIn(entry).length > 0 ? withoutPorts(entry) : [entry])),
  ];
}

/**
 * Takes stray ports over so that the update can remove them. A preview must not write, so it marks the port as unknown,
 * which shows the Service as one that will be updated.
 */
export async function takeStrayPorts(
  api: Api,
  services: readonly ObjectMeta[],
  { namespace, stack }: { readonly namespace: string; readonly stack: string },
): Promise<void> {
  const strayed: ObjectMeta[] = [];
  for (const service of services) {
    const ports = strayPorts(service);
    if (ports.length === 0) continue;
    strayed.push(service);
    await pulumi.log.warn(
      `service/${service.name} has port ${ports.join(", ")}, which this stack did not set; \`pulumi up --refresh\` removes it`,
    );
  }
  if (pulumi.runtime.isDryRun()) showAsUnknown(new Set(strayed.map(({ name }) => name)));
  else await Promise.all(strayed.map((service) => takePorts(api, service, namespace, stack)));
}

async function takePorts(api: Api, service: ObjectMeta, namespace: string, stack: string): Promise<void> {
  const { name, resourceVersion, managedFields = [] } = service;
  // An earlier update without --refresh took the port over already, and did not remove it.
  if (!managedFields.some((entry) => !isOurs(entry, stack) && strayIn(entry).length > 0)) return;
  const { status, body } = await api.patch(pathOf("service", namespace, name), [
    { op: "replace", path: "/metadata/managedFields", value: withPortsTaken(managedFields, stack) },
    // The API server refuses the patch if somebody changed the Service in between.
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
  ]);
  if (status === 200 || status === 404) return;
  const reason = (body as { message?: string }).message ?? `status ${status}`;
  const fix = status === 409 ? "run the update again" : "delete it, and run `pulumi up --refresh`";
  throw new UserError(`service/${name}: its ports cannot be taken over (${reason}); ${fix}`);
}

function showAsUnknown(services: ReadonlySet<string | undefined>): void {
  if (services.size === 0) return;
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type !== "kubernetes:core/v1:Service" || !services.has(props["metadata"]?.name)) return undefined;
    const { spec } = props;
    const ports = (spec.ports as readonly object[]).map((port) => ({ ...port, port: pulumi.unknown }));
    return { props: { ...props, spec: { ...spec, ports } }, opts };
  });
}

function isOurs({ manager, operation }: ManagedFields, stack: string): boolean {
  return manager === fieldManager(stack) && operation === "Apply";
}

/** The key of a port is `k:` and the JSON of its number and protocol. */
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

function withPorts(entry: ManagedFields, ports: FieldSet): ManagedFields {
  const { fieldsV1 = {} } = entry;
  return { ...entry, fieldsV1: { ...fieldsV1, "f:spec": { ...fieldsV1["f:spec"], "f:ports": ports } } };
}

/** Removes sets that would be empty: an empty set of fields means the field itself. */
function withoutPorts(entry: ManagedFields): ManagedFields[] {
  const fieldsV1 = { ...entry.fieldsV1 };
  const spec = { ...fieldsV1["f:spec"] };
  delete spec["f:ports"];
  if (Object.keys(spec).length > 0) fieldsV1["f:spec"] = spec;
  else delete fieldsV1["f:spec"];
  return Object.keys(fieldsV1).length > 0 ? [{ ...entry, fieldsV1 }] : [];
}

function union(a: FieldSet, b: FieldSet): FieldSet {
  const result = { ...a };
  for (const [key, fields] of Object.entries(b)) result[key] = union(result[key] ?? {}, fields);
  return result;
}
