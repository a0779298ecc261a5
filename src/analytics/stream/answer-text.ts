import type { Answer, Question } from './query.ts'

/** An answer for people: a sentence of what was read, then a table. */
export function answerText(topic: string, question: Question, answer: Answer): string {
  const counts = answer.top.map(({ count }) => count.toLocaleString('en'))
  const width = Math.max('count'.length, ...counts.map((count) => count.length))
  const lines = [
    `${question.day} (UTC), ${topic}: ${amount(answer.events, 'event')} in ${amount(answer.files, 'file')}` +
      `${answer.repeated > 0 ? `, ${answer.repeated} that lay in two files counted once` : ''}`,
    ...(answer.unreadable > 0 ? [`${amount(answer.unreadable, 'message')} could not be read as events`] : []),
    ...(answer.otherVersions > 0 ? [`${amount(answer.otherVersions, 'event')} of another version`] : []),
    ...(answer.mayLack > 0 ? [`so many different ones that a count may be too low by ${answer.mayLack}`] : []),
    '',
    `${'count'.padStart(width)}  ${question.by}`,
    ...answer.top.map(({ key }, index) => `${(counts[index] ?? '').padStart(width)}  ${key}`),
  ]
  return lines.join('\n')
}

function amount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
