/** What a site sends beside what it anchors. */
export { Feed, FeedFull, type AnchoredRoot, type FeedAlarm, type FeedOptions, type SentMeasurement } from './feed.js';
