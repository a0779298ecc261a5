import { startVersitygw } from '../services/versitygw.ts'
import { storeSuites } from './store-suites.ts'

storeSuites('versitygw', startVersitygw)
