import '../common/page.js'
import { preparePlots } from './plots.js'

preparePlots()
