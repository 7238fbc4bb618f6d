/**
 * References of container images, as the kubelet reads them. Only the text is checked, so a mistake is found before a
 * pod waits for an image that cannot have a name.
 *
 * @see https://github.com/distribution/reference/blob/v0.6.0/reference.go (the grammar)
 */

const HOST =
  /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?(\.[A-Za-z0-9]([-A-Za-z0-9]*[A-Za-z0-9])?)*)(:\d+)?$/;
const PART = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
/** The hash functions that a digest may have, with its length in hexadecimal digits. */
const DIGESTS: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };
/** The longest name of an image without its registry and its tag, in characters. */
const MAX_NAME_LENGTH = 255;

/** The rule that an image reference breaks and, after a semicolon, the fix; undefined if it breaks none. */
export function problemOfImage(image: string): string | undefined {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(image)?.[0];
  if (scheme !== undefined) return `is an address, not an image reference; remove "${scheme}"`;
  if (/\s/.test(image)) return "has white space, which an image reference may not have; remove it";
  if (/^[a-f0-9]{64}$/.test(image)) return "is only a hash; give the name of an image before it";
  const [rest = "", ...digests] = image.split("@");
  if (digests.length > 1) return 'has two digests; keep one "@"';
  const [digest] = digests;
  const colon = rest.lastIndexOf(":");
  const hasTag = colon > rest.lastIndexOf("/");
  return (
    (digest === undefined ? undefined : problemOfDigest(digest)) ??
    (hasTag ? problemOfTag(rest.slice(colon + 1)) : undefined) ??
    problemOfName(hasTag ? rest.slice(0, colon) : rest)
  );
}

function problemOfDigest(digest: string): string | undefined {
  const [algorithm = "", ...rest] = digest.split(":");
  const hex = rest.join(":");
  const length = DIGESTS[algorithm];
  if (length === undefined) return 'has a digest that is not like "sha256:<64 hexadecimal digits>"';
  return new RegExp(`^[a-f0-9]{${length}}$`).test(hex)
    ? undefined
    : `has a digest of ${hex.length} characters; ${algorithm} has ${length} hexadecimal digits, in lower case`;
}

function problemOfTag(tag: string): string | undefined {
  if (tag === "") return 'has an empty tag; give one after ":", or remove the ":"';
  return TAG.test(tag)
    ? undefined
    : `has the tag "${tag}", which is not valid (at most 128 letters, digits, "_", "." and "-", the first no "." or "-")`;
}

/** @param name The reference without tag and digest. */
function problemOfName(name: string): string | undefined {
  const parts = name.split("/");
  if (parts.includes("")) return 'has an empty part in its name; remove the extra "/"';
  const [first = "", ...others] = parts;
  const hasHost = others.length > 0 && (/[.:]/.test(first) || first === "localhost");
  if (hasHost && !HOST.test(first))
    return `has "${first}" for its registry, which is not a host or host:port`;
  const repository = hasHost ? others : parts;
  if (repository.some((part) => part.includes(":"))) return 'has two tags; keep one ":" after the name';
  const upper = repository.find((part) => part !== part.toLowerCase());
  if (upper !== undefined) {
    return `has "${upper}" in its name, which must be in lower case; write "${upper.toLowerCase()}"`;
  }
  const wrong = repository.find((part) => !PART.test(part));
  if (wrong !== undefined)
    return `has "${wrong}" in its name, which is not valid (lower-case letters and digits, with ".", "_", "__" or "-" between them)`;
  // A name of one part is one of Docker Hub's own images.
  const { length } = parts.length === 1 ? `library/${name}` : repository.join("/");
  return length > MAX_NAME_LENGTH
    ? `has a name of ${length} characters; the longest has ${MAX_NAME_LENGTH}`
    : undefined;
}
