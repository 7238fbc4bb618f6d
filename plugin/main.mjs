// What Pulumi starts when the program of another project uses the component.
import "../lib/typescript/register.mjs";

// Pulumi loads this module with `require`, which takes none that waits.
void import("./provider.ts").then(({ serve }) => serve());
