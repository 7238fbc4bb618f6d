import type * as pulumi from "@pulumi/pulumi";

/** The ID, as `namespace/name`; undefined if a preview does not know it yet, or the object was refused. */
export function knownId({ id }: pulumi.CustomResource): Promise<string | undefined> {
  return known(id);
}

/** The value of an output; undefined if a preview does not know it yet, or its object was refused. */
export async function known<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  try {
    // `apply` does not run for an unknown value, so it cannot tell. The SDK's types leave these two out.
    const { isKnown, promise } = output as unknown as Internals<T>;
    return (await isKnown) ? await promise() : undefined;
  } catch {
    return undefined;
  }
}

interface Internals<T> {
  readonly isKnown: Promise<boolean>;
  readonly promise: () => Promise<T>;
}
