// What a program of Pulumi costs that makes nothing: in JavaScript, so that nothing is compiled.
import "@pulumi/pulumi";
