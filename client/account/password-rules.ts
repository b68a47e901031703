// What the first password must be, as the form shows it while one is typed.

export interface PasswordRule {
  text: string;
  met: boolean;
}

/** As the API demands it. */
export const MIN_PASSWORD = 12;

export function passwordRules(password: string, again: string): PasswordRule[] {
  return [
    {
      text: `At least ${MIN_PASSWORD} characters: a few words are easy to keep`,
      met: password.length >= MIN_PASSWORD,
    },
    { text: "Typed the same twice", met: password !== "" && password === again },
  ];
}

/** Undefined when it looks like an address; else what is wrong. */
export function emailProblem(email: string): string | undefined {
  if (email.trim() === "") return "Enter your e-mail address.";
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) ? undefined : "This is not an e-mail address.";
}
