// An entrance of its own beside the room's: the service comes in only when there is a Kafka.

export { answerText } from './answer-text.ts'
export { NameTaken } from './group.ts'
export { createKafkaSink } from './kafka-sink.ts'
export { countEvents } from './query.ts'
export { parseQuestion, QUESTION_USAGE } from './question.ts'
export { runSink } from './sink-process.ts'
export { createHdfs } from './webhdfs.ts'
