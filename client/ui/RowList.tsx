// A list that grows: what came, newest first, under headings; in its place what is wrong or missing; more on demand.

import { Button, Center } from "@mantine/core";
import { IconSearchOff } from "@tabler/icons-react";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Card } from "./Card.tsx";
import { Empty } from "./Empty.tsx";
import { LoadFailed } from "./LoadFailed.tsx";
import classes from "./RowList.module.css";
import { RowsSkeleton } from "./Skeletons.tsx";

/** The rows are laid out by the classes of its style sheet: `row` and `item` around `main`, `when` and `figure`. */
export function RowList<T>(props: {
  list: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>;
  /** One of them, such as “run”, and the name of the list, such as “Runs”. */
  one: string;
  name: string;
  headings: ReactNode;
  /** The widths of the columns. */
  columns: string;
  /** The widths of all but that of `main`, which then gets a line of its own on a tablet already. */
  columnsBelow?: string;
  isFiltered: boolean;
  /** In place of a list in which nothing was yet. */
  empty: ReactNode;
  children: (row: T) => ReactNode;
}) {
  const { list, columns, columnsBelow } = props;
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Card flush>
        {list.error && !list.data ? (
          <LoadFailed error={list.error} again={() => void list.refetch()} />
        ) : list.isPending ? (
          <RowsSkeleton rows={6} height={60} />
        ) : rows.length === 0 && props.isFiltered ? (
          <Empty
            icon={<IconSearchOff size={24} />}
            title={`No ${props.one} fits these filters`}
            text="Take one away, or look at a longer time."
          />
        ) : rows.length === 0 ? (
          props.empty
        ) : (
          <div
            className={classes.rows}
            data-many={columnsBelow !== undefined || undefined}
            style={{ "--columns": columns, "--columns-below": columnsBelow }}
          >
            <div className={`${classes.row} ${classes.headings}`} aria-hidden="true">
              {props.headings}
            </div>
            <ul className={classes.list} aria-label={props.name} aria-busy={list.isPlaceholderData}>
              {rows.map(props.children)}
            </ul>
          </div>
        )}
      </Card>
      {list.hasNextPage && (
        <Center mt="md">
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Load more
          </Button>
        </Center>
      )}
    </>
  );
}
