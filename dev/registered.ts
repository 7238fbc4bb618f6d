import * as pulumi from "@pulumi/pulumi";

/** A resource as a program registers it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs part of a program against mocks and returns every resource that it registers, sorted, after all of its
 * asynchronous work: otherwise the rest would show up in the next run.
 */
export async function registered(program: () => void): Promise<readonly Registered[]> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      const metadata = inputs["metadata"] && { ...inputs["metadata"], uid: `uid-of-${name}` };
      resources.push({ type, name, inputs });
      return { id: `${type}/${name}`, state: { ...inputs, metadata } };
    },
    call: () => ({}),
  });
  program();
  await pulumi.runtime.disconnect();
  return resources.sort((a, b) => (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1));
}

/** A Kubernetes object as a manifest holds it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The Kubernetes objects among registered resources, secrets revealed. */
export function manifests(resources: readonly Registered[]): Manifest[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, inputs }) => {
      const [, version = "", kind = ""] = type.split(":");
      const apiVersion = version.replace(/^core\//, "");
      return { apiVersion, kind, ...(revealed(inputs) as object) } as unknown as Manifest;
    });
}

/** A value without the envelopes in which mocks get secrets; their signature marks them. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.runtime.specialSigKey in value) return revealed((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
