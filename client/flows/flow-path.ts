// Where a new flow is opened.

export function flowPath(flowId: string): string {
  return `/flows/${flowId}/edit`;
}
