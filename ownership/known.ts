import type * as pulumi from "@pulumi/pulumi";

/** The value of an output; undefined if a preview does not know it yet, or the object was refused. */
export async function knownValue<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  // `apply` does not run for an unknown value, so it cannot tell. The SDK's types leave these two out.
  const { isKnown, promise } = output as unknown as { isKnown: Promise<boolean>; promise(): Promise<T> };
  try {
    return (await isKnown) ? await promise.call(output) : undefined;
  } catch {
    return undefined;
  }
}

/** The ID of an object, as `namespace/name`; undefined as in {@link knownValue}. */
export function knownId({ id }: pulumi.CustomResource): Promise<string | undefined> {
  return knownValue<string>(id);
}
