// What an update of one thing costs Pulumi in a large state: in JavaScript, so that nothing is compiled, and without an
// object in the cluster.
import { ComponentResource } from "@pulumi/pulumi";

class Component extends ComponentResource {
  constructor() {
    super("bench:index:Component", "component");
    this.registerOutputs({ changed: new Date().toISOString() });
  }
}

new Component();
