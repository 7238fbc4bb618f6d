import { isMap } from "../config/merge";
import { pathText, problem, type Problem } from "../config/problem";
import { nearest } from "../lib/nearest";

/**
 * The schema of a group of kinds as the API server publishes it, by name. Only what is read here.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export type Schemas = Readonly<Record<string, FieldSchema>>;

export interface FieldSchema {
  readonly $ref?: string;
  readonly allOf?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema;
  readonly items?: FieldSchema;
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
}

/** The API server's path of the schemas of the core kinds. */
export const CORE_SCHEMAS = "/openapi/v3/api/v1";

/** The schema of one of the core kinds' types, such as `PodSpec`. */
export function coreSchema(schemas: Schemas, type: string): FieldSchema | undefined {
  return schemas[`io.k8s.api.core.v1.${type}`];
}

/** The schema itself, where it is only a reference. */
export function resolved(schema: FieldSchema, schemas: Schemas): FieldSchema {
  const [only] = schema.allOf ?? [];
  const name = (schema.$ref ?? only?.$ref)?.split("/").at(-1);
  const found = name === undefined ? undefined : schemas[name];
  return found === undefined ? schema : resolved(found, schemas);
}

/** How people write the types of JSON. */
const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  integer: "an integer",
  number: "a number",
  boolean: "a boolean",
  array: "a list",
  object: "a map",
};

/**
 * The fields of a value that its schema does not have, and values of another type. What is missing is not looked for: a
 * patch is no whole. A null, which removes a field, and `$patch` are no matter of the schema.
 *
 * @param at Path of the value, as messages show it.
 */
export function problemsOfFields(
  value: unknown,
  schema: FieldSchema,
  schemas: Schemas,
  at: string,
): Problem[] {
  const known = resolved(schema, schemas);
  if (value === null) return [];
  const types = typesOf(known, schemas);
  if (types.length > 0 && !types.some((type) => hasType(value, type))) {
    const quotes = types.includes("string") && typeof value !== "object" ? "put it in quotes" : "";
    // A value may be a secret.
    return [
      problem(at, undefined, `must be ${types.map((type) => TYPES[type] ?? type).join(" or ")}`, quotes),
    ];
  }
  if (Array.isArray(value)) {
    const { items } = known;
    if (items === undefined) return [];
    return value.flatMap((item, index) => problemsOfFields(item, items, schemas, pathText([index], at)));
  }
  return isMap(value) ? problemsOfMap(value, known, schemas, at) : [];
}

function problemsOfMap(
  value: Readonly<Record<string, unknown>>,
  { properties, additionalProperties }: FieldSchema,
  schemas: Schemas,
  at: string,
): Problem[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const path = pathText([key], at);
    const field = properties?.[key] ?? additionalProperties;
    if (field !== undefined) return problemsOfFields(item, field, schemas, path);
    if (properties === undefined || (key === "$patch" && item === "delete")) return [];
    const near = nearest(key, Object.keys(properties));
    const fix =
      near === undefined
        ? `known here: ${Object.keys(properties).sort().join(", ")}`
        : `did you mean "${near}"?`;
    return [problem(path, undefined, "unknown field", fix)];
  });
}

/** The types of JSON that a field may have; none if any. */
function typesOf(schema: FieldSchema, schemas: Schemas): string[] {
  if (schema.type !== undefined) return [schema.type];
  return (schema.oneOf ?? []).flatMap((one) => typesOf(resolved(one, schemas), schemas));
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "array":
      return Array.isArray(value);
    case "object":
      return isMap(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
