// Every template there is, in the order of the gallery; a new one is one line here.

import { contactForm } from "./contact-form.ts";
import { errorAlert } from "./error-alert.ts";
import { fileChanged } from "./file-changed.ts";
import { incomingCall } from "./incoming-call.ts";
import type { FlowTemplate } from "./kit.ts";
import { orderPaid } from "./order-paid.ts";
import { paymentBooked } from "./payment-booked.ts";
import { placesNearby } from "./places-nearby.ts";
import { returnRefunded } from "./return-refunded.ts";
import { saleRecorded } from "./sale-recorded.ts";
import { shippingLabel } from "./shipping-label.ts";
import { smsTicket } from "./sms-ticket.ts";
import { stockLow } from "./stock-low.ts";

export const FLOW_TEMPLATES: readonly FlowTemplate[] = [
  orderPaid,
  stockLow,
  paymentBooked,
  returnRefunded,
  incomingCall,
  shippingLabel,
  placesNearby,
  contactForm,
  fileChanged,
  smsTicket,
  saleRecorded,
  errorAlert,
];
