import * as pulumi from "@pulumi/pulumi";

/** Whether the resources that the program registers now are those of the fleet. */
let isMaking = false;

/** The transformations of the next fleet, where there is no stack to register them with. */
const ofNextFleet: pulumi.ResourceTransformation[] = [];

/**
 * Runs a function that registers the fleet's resources. Constructors run at once, so nothing else of the program is
 * registered meanwhile.
 */
export function makeOwn<T>(make: () => T): T {
  isMaking = true;
  try {
    return make();
  } finally {
    isMaking = false;
  }
}

/**
 * Registers a transformation of the fleet's resources. The program may have other resources, which it leaves alone. It
 * sees what a component makes without a parent too, unless there is no stack: in unit tests, and in a component's own
 * process.
 */
export function transformOwn(transformation: pulumi.ResourceTransformation): void {
  if (hasStack())
    pulumi.runtime.registerStackTransformation((args) => (isMaking ? transformation(args) : undefined));
  else ofNextFleet.push(transformation);
}

/** Options of every component and object of the next fleet, for the transformations that no stack has. */
export function ownOptions(): { readonly transformations?: pulumi.ResourceTransformation[] } {
  return ofNextFleet.length === 0 ? {} : { transformations: ofNextFleet.splice(0) };
}

/** Whether this process runs the program of a stack. */
export function hasStack(): boolean {
  return pulumi.runtime.getStackResource() !== undefined;
}
