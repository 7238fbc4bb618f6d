import { coreSchema, problemsOfFields } from "../../kubernetes/openapi";
import type { Check } from "../finding";

/** Refuses fields of pods that this cluster does not know: the API server would drop them without a word. */
export const unknownFields: Check = ({ rawParts = [] }, { schemas = {} }) =>
  rawParts.flatMap(({ path, type, value }) => {
    const schema = coreSchema(schemas, type);
    const problems = schema === undefined ? [] : problemsOfFields(value, schema, schemas, path);
    return problems.map((text) => ({ level: "error", text }));
  });
