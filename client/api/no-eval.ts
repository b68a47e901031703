// Zod compiles its checks with `new Function`, which the Content-Security-Policy forbids; this comes before any schema.

import { z } from "zod";

z.config({ jitless: true });
