import './page.js'
import { preparePlots } from './plots.js'

preparePlots()
