import { z } from "zod";
import { text } from "./rules";

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch */
export const MAX_HEADERS = 16;

/** The name of a header, upper and lower case being the same. */
export const headerName = text(
  "is not the name of a header (letters, digits and !#$%&'*+.^_`|~-)",
  /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/,
);

/** Headers of a request by name: all of them must have these values. Names count without their case. */
export const headers = z
  .record(
    headerName,
    text("is not the value of a header (1 to 4096 characters, no line break)", /^[^\0\r\n]{1,4096}$/),
  )
  .superRefine((all, context) => {
    const names = Object.keys(all).map((name) => name.toLowerCase());
    const fail = (message: string) => context.addIssue({ code: "custom", message });
    if (names.length === 0) fail("has no header, so it would match every request; name one, or remove it");
    if (names.length > MAX_HEADERS)
      fail(`has ${names.length} headers, and a route compares at most ${MAX_HEADERS}`);
    if (new Set(names).size < names.length)
      fail("names a header twice: upper and lower case are the same; remove one");
  });

/** Headers in a form in which two that mean the same are equal. */
export function sameHeaders(all: Readonly<Record<string, string>>): string {
  const entries = Object.entries(all).map(([name, value]) => [name.toLowerCase(), value] as const);
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
