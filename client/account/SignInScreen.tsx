// Signing in, on whatever page the person wanted to see.

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { toProblem } from "../api/problem.ts";
import { useSignIn } from "../api/session.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { AccountFrame } from "./AccountFrame.tsx";
import { emailProblem } from "./password-rules.ts";

export function SignInScreen() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const signIn = useSignIn();
  const wrong = {
    email: emailProblem(email),
    password: password === "" ? "Enter your password." : undefined,
  };

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (!wrong.email && !wrong.password) signIn.mutate({ email: email.trim(), password });
  }

  return (
    <AccountFrame title="Sign in" text="Welcome back. Sign in to see your flows and their runs.">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {signIn.error && (
            <ProblemNote sentence={signIn.error.message} hint={toProblem(signIn.error).hint} urgent />
          )}
          <TextInput
            label="E-mail address"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={tried && wrong.email}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={tried && wrong.password}
          />
          <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </AccountFrame>
  );
}
