import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs part of a program against mocks and returns every resource that it registered, sorted, once all of its
 * asynchronous work is done: what is left undrained would turn up in the next test.
 */
export async function registered(program: () => void): Promise<readonly Registered[]> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      const metadata = inputs.metadata && { ...inputs.metadata, uid: `uid-of-${name}` };
      resources.push({ type, name, inputs });
      return { id: `${type}/${name}`, state: { ...inputs, metadata } };
    },
    call: () => ({}),
  });
  program();
  await pulumi.runtime.disconnect();
  return resources.sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
}

/** The one resource of a type. */
export function only(resources: readonly Registered[], type: string): Registered {
  const [found, ...more] = resources.filter((resource) => resource.type === type);
  if (found === undefined || more.length > 0)
    throw new Error(`${more.length + (found ? 1 : 0)} resources of ${type}`);
  return found;
}
