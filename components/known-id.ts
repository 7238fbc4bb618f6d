import type * as pulumi from "@pulumi/pulumi";

/** The ID, as `namespace/name`; undefined if a preview does not know it yet, or the object was refused. */
export async function knownId({ id }: pulumi.CustomResource): Promise<string | undefined> {
  // `apply` does not run for an unknown value, so it cannot tell. The SDK's types leave these two out.
  const output = id as unknown as { readonly isKnown: Promise<boolean>; promise(): Promise<string> };
  try {
    return (await output.isKnown) ? await output.promise() : undefined;
  } catch {
    return undefined;
  }
}
