// Placeholders in the shape of what is coming, so that nothing jumps.

import { Skeleton } from "@mantine/core";
import classes from "./Skeletons.module.css";

export function RowsSkeleton({ rows = 5, height = 64 }: { rows?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading" className={classes.rows}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <div key={row} className={classes.row} style={{ height }}>
          <Skeleton height={30} width={30} radius="md" />
          <div className={classes.lines}>
            <Skeleton height={11} width={`${52 - ((row * 13) % 24)}%`} />
            <Skeleton height={9} width={`${30 - ((row * 7) % 14)}%`} />
          </div>
        </div>
      ))}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div className={classes.page} role="status" aria-label="Loading">
      <Skeleton height={26} width={220} mb={26} />
      <Skeleton height={340} radius="lg" />
    </div>
  );
}
