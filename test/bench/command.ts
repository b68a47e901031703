// What the benchmarks' command lines do with their arguments, once they are read.

/** What was asked for, or why it cannot be done. */
export type Call<Options> =
  | { kind: "run"; options: Options }
  | { kind: "help" }
  | { kind: "wrong"; sentence: string };

/** Runs it, shows the help, or says what is wrong and ends with 2. Told to end, the process tidies up first. */
export async function answerCall<Options>(
  call: Call<Options>,
  help: string,
  run: (options: Options) => Promise<void>,
): Promise<void> {
  // So that what is tidied up on "exit" is tidied up then, too.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  switch (call.kind) {
    case "help":
      process.stdout.write(help);
      return;
    case "wrong":
      process.stderr.write(`${call.sentence}\n`);
      process.exitCode = 2;
      return;
    case "run":
      await run(call.options);
  }
}
