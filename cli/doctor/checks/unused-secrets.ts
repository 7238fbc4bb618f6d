import { VERSION_OF } from "../../../fleet/owner";
import { unusedSecrets as unusedAmong } from "../../../ownership/unused-secrets";
import { deleteUnknown, whyNotDelete } from "../delete";
import { type Check, counted, type Finding, named } from "../finding";
import { type Found, keyOf } from "../objects";

/** Former versions of Secrets that nothing needs any more: an update deletes them by the same rule. */
export const unusedSecrets: Check = {
  of: "unused Secrets",
  look: async (facts) => {
    const state = await facts.state();
    const { own } = await facts.objects();
    const { api } = await facts.ownCluster();
    const known = new Set(state.objects.map(keyOf));
    const former = own.filter(
      (one) =>
        one.kind === "secret" &&
        one.namespace === state.namespace &&
        one.metadata.annotations?.[VERSION_OF] !== undefined &&
        !known.has(keyOf(one)),
    );
    if (former.length === 0 || state.namespace === undefined) return [];
    const names = former.map(({ name }) => name);
    const unused = new Set(await unusedAmong(api, state.namespace, names));
    const secrets = former.filter(({ name }) => unused.has(name));
    if (secrets.length === 0) return [];
    const isSafe = (await whyNotDelete(facts)) === undefined;
    const mend = {
      does: `delete ${named(secrets.map(({ object }) => object))}`,
      run: () => deleteUnknown(facts, secrets),
    };
    return [{ ...finding(secrets, facts.name), ...(isSafe && { mend }) }];
  },
};

function finding(secrets: readonly Found[], stack: string): Finding {
  const objects = secrets.map(({ object }) => object).sort();
  return {
    problem: `${counted(objects.length, "Secret")} that no pod needs: ${named(objects)}`,
    fix: `\`pulumi up --stack ${stack}\``,
    objects,
  };
}
