// “Are you sure?”, with a button that says what will happen.

import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";

export function askFirst(question: { title: string; text: string; yes: string; go: () => void }): void {
  modals.openConfirmModal({
    title: question.title,
    children: <Text size="sm">{question.text}</Text>,
    labels: { confirm: question.yes, cancel: "Cancel" },
    confirmProps: { color: "red" },
    onConfirm: question.go,
  });
}
