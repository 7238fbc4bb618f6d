/**
 * References to variables in the values and arguments of a container: Kubernetes replaces `$(NAME)`, and `$$` by `$`.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */

/** The names that a text refers to, each once, in order. */
export function referencesIn(text: string): string[] {
  const found = [...text.matchAll(/\$\$|\$\(([^)]*)\)/g)].flatMap(([, name]) => name ?? []);
  return [...new Set(found)];
}

/**
 * Variables in an order in which each stands after those that it refers to, since Kubernetes replaces only references
 * to variables that stand earlier; otherwise by name, so that the order of the settings makes no difference.
 */
export function inOrderOfReference(env: Readonly<Record<string, string>>): [name: string, value: string][] {
  const ordered = new Map<string, string>();
  const visit = (name: string, within: ReadonlySet<string>): void => {
    const value = env[name];
    if (value === undefined || ordered.has(name) || within.has(name)) return;
    for (const other of referencesIn(value).sort()) visit(other, new Set([...within, name]));
    ordered.set(name, value);
  };
  for (const name of Object.keys(env).sort()) visit(name, new Set());
  return [...ordered];
}

/** The variables of one circle of references, such as `A`, `B`, `A`; undefined if there is none. */
export function circleIn(env: Readonly<Record<string, string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    const value = env[name];
    if (value === undefined || done.has(name)) return undefined;
    for (const other of referencesIn(value)) {
      const circle = visit(other, [...way, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(env).sort()) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
