import * as pulumi from "@pulumi/pulumi";
import { known } from "./known-id";

/** A field that the cluster changed while it was applied. */
export interface Alteration {
  /** Such as `spec.template.spec.containers[model].image`. */
  readonly path: string;
  readonly sent: unknown;
  /** Undefined if the field was removed. */
  readonly live: unknown;
}

/** The property of the provider's state with what was applied last, in the form in which the API server returns it. */
const APPLIED = "__inputs";

/** An object's properties, with the one that {@link reportAlterations} reads. A property without a value is an output. */
export function withApplied<T extends object>(props: T): T {
  return { ...props, [APPLIED]: undefined };
}

/**
 * Warns of each field of the spec that an admission policy or a webhook changed while it was applied: no update brings
 * such an object to the settings, so every preview shows it as changed.
 *
 * @param object As messages name it: `deployment/iris`.
 */
export async function reportAlterations(resource: pulumi.Resource, object: string): Promise<void> {
  const outputs = resource as unknown as Readonly<Record<string, pulumi.Output<unknown> | undefined>>;
  const { [APPLIED]: applied, spec } = outputs;
  if (applied === undefined || spec === undefined) return;
  // An output made of the two would take a twelfth of the processor time of a large fleet's program.
  const [sent, live] = await Promise.all([known(applied), known(spec)]);
  const sentSpec = (sent as { readonly spec?: unknown } | undefined)?.spec;
  const found = sentSpec === undefined || live === undefined ? [] : alterations(sentSpec, live, "spec");
  if (found.length > 0) await pulumi.log.warn(report(object, found), resource);
}

/**
 * The values that were sent and are not there. Entries of a list are compared by name, or else by place; a list of names
 * in another order is an alteration too, since Pulumi compares by place.
 */
export function alterations(sent: unknown, live: unknown, path: string): Alteration[] {
  if (typeof sent !== "object" || sent === null || live === undefined)
    return sent === live ? [] : [{ path, sent, live }];
  if (!Array.isArray(sent))
    return Object.entries(sent).flatMap(([key, value]) =>
      alterations(value, (live as Readonly<Record<string, unknown>> | null)?.[key], `${path}.${key}`),
    );
  const others: readonly unknown[] = Array.isArray(live) ? live : [];
  const found = sent.flatMap((entry: unknown, index) => {
    const name = nameOf(entry);
    const other = name === undefined ? others[index] : others.find((one) => nameOf(one) === name);
    return alterations(entry, other, `${path}[${name ?? index}]`);
  });
  const [names, there] = [sent.map(nameOf).join(", "), others.slice(0, sent.length).map(nameOf).join(", ")];
  return found.length > 0 || names === there ? found : [{ path, sent: names, live: there }];
}

function nameOf(entry: unknown): string | undefined {
  return (entry as { name?: string } | null)?.name;
}

function report(object: string, found: readonly Alteration[]): string {
  const changes = found.map(({ path, sent, live }) =>
    live === undefined ? `${path} is removed` : `${path} becomes ${shown(live)} instead of ${shown(sent)}`,
  );
  return (
    `${object}: an admission policy or webhook of the cluster changes what is applied: ${changes.join("; ")}; ` +
    "put these values into the settings, or exempt the namespace from the policy: until then, every preview shows a change"
  );
}

/** Not the whole of a map or a list. */
function shown(value: unknown): string {
  return typeof value === "object" ? "another value" : JSON.stringify(value);
}
