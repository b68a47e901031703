// The mark: something falls, and is caught.

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#0c6f76" />
      <path
        d="M7.5 13v2.5a8 8 0 0 0 8 8h1a8 8 0 0 0 8-8V13"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="16" cy="12" r="4" fill="#ffb454" />
    </svg>
  );
}

export function Wordmark({ size = 28 }: { size?: number }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: size * 0.36 }}>
      <Logo size={size} />
      <span style={{ fontWeight: 640, fontSize: size * 0.62, letterSpacing: "-0.02em" }}>Flowcatch</span>
    </span>
  );
}
