// The first visit: the owner of this installation makes an account.

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { toProblem } from "../api/problem.ts";
import { useCreateOwner } from "../api/session.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import classes from "./AccountFrame.module.css";
import { AccountFrame } from "./AccountFrame.tsx";
import { emailProblem, MIN_PASSWORD, passwordRules } from "./password-rules.ts";

export function SetupScreen() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const create = useCreateOwner();
  const rules = passwordRules(password, again);
  const wrong = {
    email: emailProblem(email),
    password:
      password.length < MIN_PASSWORD
        ? `It has ${password.length} of at least ${MIN_PASSWORD} characters.`
        : undefined,
    again: again === password ? undefined : "The two passwords differ.",
  };

  function submit(event: FormEvent): void {
    event.preventDefault();
    setTried(true);
    if (!wrong.email && !wrong.password && !wrong.again) create.mutate({ email: email.trim(), password });
  }

  return (
    <AccountFrame
      title="Create the owner"
      text="This installation is new. The account you make here owns it; nothing leaves your server."
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {create.error && (
            <ProblemNote sentence={create.error.message} hint={toProblem(create.error).hint} urgent />
          )}
          <TextInput
            label="E-mail address"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            data-autofocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={tried && wrong.email}
          />
          <PasswordInput
            label="Password"
            name="new-password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={tried && wrong.password}
            aria-describedby="password-rules"
          />
          <PasswordInput
            label="Password once more"
            name="new-password-again"
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            error={tried && wrong.again}
          />
          <ul className={classes.rules} id="password-rules">
            {rules.map((rule) => (
              <li key={rule.text} data-met={rule.met || undefined}>
                {rule.met ? (
                  <IconCircleCheckFilled size={15} aria-hidden />
                ) : (
                  <IconCircle size={15} aria-hidden />
                )}
                {rule.text}
                <span className="unseen">{rule.met ? "(met)" : "(not yet)"}</span>
              </li>
            ))}
          </ul>
          <Button type="submit" size="md" fullWidth loading={create.isPending}>
            Create account
          </Button>
        </Stack>
      </form>
    </AccountFrame>
  );
}
