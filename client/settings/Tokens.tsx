// API tokens: made, shown once, told apart by their last letters, revoked.

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { type TokenRow, useDeleteToken, useTokens } from "../api/tokens.ts";
import { Ago } from "../ui/Ago.tsx";
import { askFirst } from "../ui/ask.tsx";
import { Card } from "../ui/Card.tsx";
import { Empty } from "../ui/Empty.tsx";
import { LoadFailed } from "../ui/LoadFailed.tsx";
import { RowsSkeleton } from "../ui/Skeletons.tsx";
import { CreateToken } from "./CreateToken.tsx";
import classes from "./Settings.module.css";

export function Tokens() {
  const tokens = useTokens();
  const [creating, { open, close }] = useDisclosure();
  const create = (
    <Button size="xs" leftSection={<IconPlus size={15} aria-hidden="true" />} onClick={open}>
      New token
    </Button>
  );
  return (
    <Card flush title="API tokens" aside={tokens.data && tokens.data.length > 0 && create}>
      {tokens.error && !tokens.data ? (
        <LoadFailed error={tokens.error} again={() => void tokens.refetch()} />
      ) : !tokens.data ? (
        <RowsSkeleton rows={2} />
      ) : tokens.data.length === 0 ? (
        <Empty
          icon={<IconKey size={24} />}
          title="No tokens yet"
          text="With a token a program of yours can use the API in your name: make flows, read runs. Send it as “Authorization: Bearer …”."
        >
          {create}
        </Empty>
      ) : (
        <ul className={classes.list} aria-label="API tokens">
          {tokens.data.map((token) => (
            <Token key={token.id} token={token} />
          ))}
        </ul>
      )}
      <CreateToken opened={creating} onClose={close} />
    </Card>
  );
}

function Token({ token }: { token: TokenRow }) {
  const remove = useDeleteToken();
  return (
    <li className={classes.token}>
      <div className={classes.main}>
        <p className={classes.name}>{token.name}</p>
        <p className={classes.detail}>
          <span className="mono">…{token.tail}</span> · made <Ago at={token.createdAt} /> ·{" "}
          {token.lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              last used <Ago at={token.lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <Button
        variant="default"
        size="xs"
        aria-label={`Revoke ${token.name}`}
        loading={remove.isPending}
        onClick={() =>
          askFirst({
            title: `Revoke “${token.name}”?`,
            text: "Programs that use it are refused from then on.",
            yes: "Revoke the token",
            go: () => remove.mutate(token.id),
          })
        }
      >
        Revoke
      </Button>
    </li>
  );
}
