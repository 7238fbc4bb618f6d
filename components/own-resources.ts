import * as pulumi from "@pulumi/pulumi";

/** Whether the resources that the program registers now are those of the fleet. */
let isMaking = false;

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
 * Registers a transformation of the fleet's resources, also of those that a component makes without a parent. The
 * program may have other resources, which it leaves alone.
 */
export function transformOwn(transformation: pulumi.ResourceTransformation): void {
  pulumi.runtime.registerStackTransformation((args) => (isMaking ? transformation(args) : undefined));
}
