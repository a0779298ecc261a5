import { viewsContract } from '../../contracts/views.ts'
import { onBothDatabases } from './views-databases.ts'

onBothDatabases('views', viewsContract)
