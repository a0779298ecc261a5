import { lostAnswerContract } from '../../contracts/lost-answers/index.ts'

lostAnswerContract('SQLite')
