// What is written where, by profile (january: the day of the incident; march: the site afterwards) and language.

const CARD = {
  january: { en: "Book Therapist", id: "Pesan Terapis" },
  march: { en: "Book Now", id: "Pesan Sekarang" },
};

export const bookText = ({ profile, language }) => CARD[profile][language];
export const countdownText = ({ profile }) =>
  profile === "march" ? "Therapist Response Countdown" : "Waiting for Therapist Response";

export const DURATIONS = [
  { minutes: 60, text: "1 Hour", price: 250 },
  { minutes: 90, text: "1.5 Hours", price: 350 },
  { minutes: 120, text: "2 Hours", price: 450 },
];
export const MASSAGE_FOR = ["Male", "Female", "Children"];
export const PLACES = ["Home", "Hotel", "Villa"];
export const COUNTRY_CODES = ["+62", "+61", "+65", "+49", "+1"];

/** How long the therapist has to answer. */
export const RESPONSE_SECONDS = 300;

export const SAMPLE_THERAPISTS = ["Sample therapist One", "Sample therapist Two", "Sample therapist Three"];
