// What is thrown when a sample cannot be made as it was asked for.

/** Its message is a sentence for the person who asked. */
export class SampleRefused extends Error {
  override name = "SampleRefused";
}
