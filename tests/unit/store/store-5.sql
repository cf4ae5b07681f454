-- The store of version 4 brought to version 5. Never change it.
PRAGMA page_size=8192; PRAGMA journal_mode=WAL;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE alias (
  -- by what an enterprise is found: 'name:' folded name, 'code:' credit code
  text TEXT NOT NULL,
  record INTEGER NOT NULL REFERENCES record (id),
  code TEXT NOT NULL,         -- its credit code, '' while unknown
  PRIMARY KEY (text, record)
) STRICT, WITHOUT ROWID;
INSERT INTO "alias" VALUES('code:91990101912000492K',3,'91990101912000492K');
INSERT INTO "alias" VALUES('code:919904029120660886',5,'919904029120660886');
INSERT INTO "alias" VALUES('name:云汀赛珩陶瓷科技有限公司',3,'91990101912000492K');
INSERT INTO "alias" VALUES('name:岚屏禾旌覆铜板股份有限公司',5,'919904029120660886');
CREATE TABLE batch (
  -- one import or one correction; numbers only grow and are never used twice, so they order the history
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  command TEXT NOT NULL,
  source TEXT NOT NULL,       -- file name without folders
  source_hash TEXT NOT NULL,  -- of the file and of all that decides the outcome
  recorded_at TEXT NOT NULL,  -- YYYY-MM-DDTHH:MM:SS, Asia/Shanghai
  finished INTEGER NOT NULL DEFAULT 0 CHECK (finished IN (0, 1)),
  imported INTEGER, updated INTEGER, unchanged INTEGER, rejected INTEGER
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "batch" VALUES(1,'import patents','p.csv','6ca5ddb6aeed5e2f7c1926f52a7970c1','2026-11-01T00:00:00',1,2,0,0,0,X'913EA5A48BD4712C76EF05709F2B262A');
INSERT INTO "batch" VALUES(2,'import needs','n.csv','81f4f34003e489c1bb09badcf56ee721','2026-11-01T00:00:00',1,2,0,0,0,X'4176BF848000DD3F1C2F2BEE06471A82');
INSERT INTO "batch" VALUES(3,'import needs','n.csv','8405f6dae7ac86f2284982ffa1ec916d','2026-11-02T00:00:00',1,0,2,0,0,X'FBCCC081BE20569FC3E19578577045C5');
CREATE TABLE blob (
  -- models and settings bundles, by content
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  hash TEXT NOT NULL,         -- sha256 of bytes, hexadecimal
  recorded_at TEXT NOT NULL,
  bytes BLOB NOT NULL, seal BLOB NOT NULL DEFAULT x'',
  UNIQUE (kind, hash)
) STRICT;
INSERT INTO "blob" VALUES(1,'settings','16c3c6d78678d53d39ab2c7a5a7bc4596567b46a1a57000a2d707334f779b824','2026-11-01T00:00:00',X'613A2031',X'CB3B6CBDAD1CC4027C4ED01475D26EFC');
CREATE TABLE decision (
  -- what people decided and did; a later row takes an earlier one back
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,         -- accept, reject, pin, ban, clear, push, opt_out, outcome
  need TEXT NOT NULL, patent TEXT NOT NULL, -- keys, '' = not about one
  who TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  note TEXT NOT NULL,
  data TEXT NOT NULL          -- JSON object or ''
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "decision" VALUES(1,'accept','N-0401','ZL201919000675.6','示例','2026-11-02T00:00:00','合适','',X'055ADCE612BC7A8F8875F45DBAE1134D');
CREATE TABLE generation (
  -- published index folders; the one with the highest number is in force
  number INTEGER PRIMARY KEY,
  point INTEGER NOT NULL,     -- facts of batches up to this one
  model TEXT NOT NULL, settings TEXT NOT NULL, -- blob hashes
  content_hash TEXT NOT NULL,
  recorded_at TEXT NOT NULL
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "generation" VALUES(1,3,'m','s','c','2026-11-01T00:00:00',X'1019FE8E597D896F4EE4F366C6F5A1E3');
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  tab INTEGER NOT NULL,       -- 0 patents and achievements, 1 needs, 2 enterprises, 3 texts
  key TEXT NOT NULL,          -- natural key, never changes
  current INTEGER NOT NULL,   -- newest version
  hash BLOB NOT NULL,         -- its hash, kept here so that an unchanged row costs one look-up
  input BLOB, row_hash BLOB, seal BLOB NOT NULL DEFAULT x'',                 -- hash of the values merged last, where they were not the whole record
  UNIQUE (tab, key)
) STRICT;
INSERT INTO "record" VALUES(1,0,'ZL202119000255.5',1,X'E2C1005492650A9F936DC97CD63DC6EC',NULL,NULL,X'5A8C9FA1F081D2D526D52D78B918F165');
INSERT INTO "record" VALUES(2,0,'ZL201919000675.6',2,X'620BA0CA3F0FEF958CCC78BE6C9F8BE8',NULL,X'0F1E2D3C4B5A69788796A5B4C3D2E1F0',X'0353E2B8CC5D89BC366A5BB5DD9FEB58');
INSERT INTO "record" VALUES(3,2,'91990101912000492K',3,X'23674828A661B9746B03188406779F0F',NULL,NULL,X'447F0D12414787DEB4986526C0E310A6');
INSERT INTO "record" VALUES(4,1,'N-0401',7,X'AFA67E6E80202CAB469266B98DA03485',NULL,NULL,X'45F3D8BC5E32CE9EAD07F74DB4A32B64');
INSERT INTO "record" VALUES(5,2,'919904029120660886',5,X'527118F835F2EC34097A6B7C94AE3FE1',NULL,NULL,X'618F17A395E1C45EA956D32DB6AF82A3');
INSERT INTO "record" VALUES(6,1,'N-0404',8,X'C71559A60BEBB12D0114C474B009A93B',NULL,NULL,X'FC6E53EC282948382F9CD6A75FFF5AD7');
CREATE TABLE saved (
  -- questions that a user keeps to see what is new; the user's own, so they may be changed and forgotten
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user INTEGER NOT NULL REFERENCES user (id),
  text TEXT NOT NULL, filter TEXT NOT NULL,
  point INTEGER NOT NULL,     -- facts that the user has seen
  recorded_at TEXT NOT NULL, seen_at TEXT NOT NULL
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "saved" VALUES(1,1,'氮化铝陶瓷基板','{}',2,'2026-11-02T09:00:00','2026-11-02T09:00:00',X'58767C17763187D06ED2BC6FAEAF4D63');
CREATE TABLE tables (
  -- one row: hash of the words of all tables, indexes and triggers
  seal BLOB NOT NULL
) STRICT;
INSERT INTO "tables" VALUES(X'25D51FF81238E90B705342E112169BAF');
CREATE TABLE unmet (
  -- questions that nothing fitted, and where they go
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,        -- what the asker lets be shown
  text TEXT NOT NULL,         -- confidential, as are detail and contact
  reason TEXT NOT NULL, detail TEXT NOT NULL,
  route TEXT NOT NULL,
  contact TEXT NOT NULL,
  who TEXT NOT NULL,          -- user, '' = the public page
  recorded_at TEXT NOT NULL
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "unmet" VALUES(1,'散热基板','要更薄的散热基板','indicator','','订单式研发','','','2026-11-02T09:00:00',X'3941434209F93935630082CF23ECD824');
CREATE TABLE user (
  -- who may sign in; a token is shown once and kept as its hash alone
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,         -- enterprise, institution, organiser, centre
  enterprise TEXT NOT NULL,   -- key of the enterprise that it speaks for, '' = none
  token_hash BLOB NOT NULL,   -- sha256
  recorded_at TEXT NOT NULL,
  revoked_at TEXT             -- NULL while it is good
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "user" VALUES(1,'示例办','organiser','',X'03615E9C3D79CD3132BB9A16DF9B391A85B25F6875C7632EBEE7E64827A9D7AC','2026-11-27T11:25:23',NULL,X'F5ED5A249F464C242C2869F396287353');
CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  record INTEGER NOT NULL REFERENCES record (id),
  previous INTEGER,           -- the version before, NULL for the first
  batch INTEGER NOT NULL REFERENCES batch (id),
  row INTEGER NOT NULL,       -- line or row in the source, 0 = none
  hash BLOB NOT NULL,         -- XXH3, 128 bits, of fields
  fields TEXT NOT NULL        -- canonical JSON object of the whole record
, seal BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "version" VALUES(1,1,NULL,1,2,X'E2C1005492650A9F936DC97CD63DC6EC','{"number":"ZL202119000255.5","kind":"invention","title":"空心微球填充烯丙基化聚苯醚的超低介电复合材料","abstract":"在聚合物里引入空气是压低介电常数最直接的手段，难点是加工时微球破碎。选用壁厚约40纳米、平均粒径1.2微米的空心氧化硅球，表面原位长出一层聚倍半硅氧烷作缓冲壳，抗压由18兆帕提高到65兆帕。基体为两端烯丙基封端、分子量一千六左右的聚苯醚低聚物，以三烯丙基异氰脲酸酯交联。填充量30体积百分比时，固化物介电常数2.45、损耗0.0021，玻璃化温度208℃，经三次288℃漂锡无爆板。材料与低轮廓铜箔压合的剥离力0.62N/mm，适用于高速背板及天线罩。","claim":"复合材料由端烯丙基聚苯醚低聚物、三烯丙基异氰脲酸酯和带聚倍半硅氧烷缓冲壳的空心二氧化硅球组成，微球体积占比20%~35%，抗压强度不低于60MPa。","application_fields":"高速背板\n天线罩","products":"高频覆铜板","ipc":"C08L71/12\nC08K7/26\nC08K9/06","chains":"电子信息材料\n先进材料","owners":"青溯大学","owner_codes":"1299030190131957XJ","inventors":"洛知夏\n温少珩","department":"物理与电子学院","contact":"岳谷知","phone":"000-29205153","institution_kind":"高校","region":"青溯市","filing_date":"2021-09-02","grant_date":"2024-02-05","expiry_date":"2041-09-02","fee_paid_until":"2027-09-02","legal_status":"有效","status_checked":"2026-10-26","declared_date":"2024-04-15","announced_date":"2024-05-23","licence_start":"2024-05-23","licence_end":"2027-05-22","payment":"免费","fee_amount":"0","transfer_modes":"开放许可\n转让","owners_consent":"yes","exclusive_licence":"no","pledged":"no","licences_granted":"2","territory":"中国","maturity":"5","indicators":"Dk 2.45；Df 0.0021；Tg 208℃","grade":"A级","source":"示例数据（虚构）"}',X'D6C6A79638CEDC46BFBA837928D78B93');
INSERT INTO "version" VALUES(2,2,NULL,1,3,X'620BA0CA3F0FEF958CCC78BE6C9F8BE8','{"number":"ZL201919000675.6","kind":"invention","title":"晶硅电池正面细栅银浆用碲铋玻璃料","abstract":"光伏电池发射极越来越浅，烧结时玻璃料腐蚀过深会把结烧穿。采用碲酸铋为骨架、加入锂与钨调节软化点的无铅玻璃，其在720℃峰温下只溶解氮化硅减反层及其下约二十纳米硅，再把银以胶体形态析回界面。银粉由1.8微米球形与0.4微米细粉级配，固含91%，有机载体含触变剂，网版开口18微米可连续印刷四万片不断栅。与含铅料相比，接触电阻率降低三成，电池转换效率绝对值提高0.11个百分点，焊接拉力大于2.5牛。","claim":"玻璃料按摩尔计含氧化碲45%~58%、氧化铋18%~26%、氧化锂6%~10%、氧化钨3%~7%，软化点380~430℃，占正面银浆质量的2%~3.5%。","application_fields":"光伏电池","products":"正面银浆","keywords":"光伏银浆\n玻璃料\n细栅","ipc":"H01B1/16\nC03C8/12\nH01L31/224","chains":"新能源\n电子信息材料","owners":"青溯大学","owner_codes":"1299030190131957XJ","inventors":"洛知夏\n滕以南\n温少珩","department":"计算机学院","team":"洛知夏团队","contact":"柏若景","phone":"000-60584054","institution_kind":"高校","region":"青溯市","filing_date":"2019-12-03","grant_date":"2021-07-09","expiry_date":"2039-12-03","legal_status":"有效","status_checked":"2026-09-05","declared_date":"2025-06-09","announced_date":"2025-07-31","licence_start":"2025-07-31","licence_end":"2027-07-30","payment":"一次性付费","fee_amount":"negotiable","transfer_modes":"开放许可\n转让","owners_consent":"yes","exclusive_licence":"no","pledged":"no","licences_granted":"0","territory":"中国","maturity":"8","indicators":"接触电阻率降低30%","source":"示例数据（虚构）"}',X'DB27A348092855765B30AB5716440295');
INSERT INTO "version" VALUES(3,3,NULL,2,2,X'23674828A661B9746B03188406779F0F','{"credit_code":"91990101912000492K","name":"云汀赛珩陶瓷科技有限公司","stub":"yes"}',X'99B1EFEC03D49B721D3ABEFCE11E3CE7');
INSERT INTO "version" VALUES(4,4,NULL,2,2,X'0992065ACB7829259561C35F5DDEA614','{"id":"N-0401","enterprise_code":"91990101912000492K","enterprise":"云汀赛珩陶瓷科技有限公司","title":"高导热陶瓷基板烧成温度过高且易翘","summary":"征集散热陶瓷基板降温烧成与平整度控制技术，要求热导率、翘曲同时达标并适配现有氮气炉。","description":"我厂做功率LED和射频器件用的白色散热基板，客户要求从现有的130提高到170瓦以上，同时板面不能弯。目前用常压氮气炉1840℃保温6小时，炉膛钨件损耗很快，电费占制造成本三成；降到1780℃就烧不致密，断面能看到残留气孔。大片烧完中间鼓起40多微米，后道覆铜时压裂率高。试过加大氧化钇比例，热导反而掉下来。希望找到降低烧成温度又不牺牲导热的配方和排胶烧成制度，最好能在现有炉子上用。","baseline":"常压氮气炉1840℃保温6h，氧化钇5wt%，压烧覆砂。目前覆铜压裂率约11%，主要客户为一家射频器件厂，不便公开。","indicators":"热导率≥170W/(m·K)；烧成温度≤1780℃；翘曲度≤20μm；抗弯强度≥350MPa","product":"氮化铝陶瓷基板","chain":"电子信息材料","mode":"委托开发","budget":"600000","deadline":"2026-12-31","maturity_wanted":"6","region":"云汀市","date":"2026-07-23","source":"平台（示例，虚构）","collector":"祁望","status":"待对接"}',X'3F37ADE976E6F5F51F401B6C548354C1');
INSERT INTO "version" VALUES(5,5,NULL,2,3,X'527118F835F2EC34097A6B7C94AE3FE1','{"credit_code":"919904029120660886","name":"岚屏禾旌覆铜板股份有限公司","stub":"yes"}',X'438EA7D1D5EC42C80F81914D3E2DCCF4');
INSERT INTO "version" VALUES(6,6,NULL,2,3,X'FB6A031118F9D6BA1907B072DDE23B6F','{"id":"N-0404","enterprise_code":"919904029120660886","enterprise":"岚屏禾旌覆铜板股份有限公司","title":"毫米波雷达板材信号衰减大","summary":"寻求可常规压合的低损耗高频板材树脂体系，改善吸湿后衰减上升，适用于车载毫米波天线。","description":"给车载雷达天线供板，77GHz下插入损耗比进口板高出一截，整机厂测距缩水。我们现在的体系是环氧改性的，吸水后性能飘得厉害，85/85放三天损耗因子能涨一倍。换氟树脂做过两批，孔壁镀不上铜，层压又要370℃以上，压机做不了。想要一种能在220℃左右压合、钻孔沉铜照常规走、介电数值随温度变化小的胶液配方，并协助把涂布上胶窗口摸清楚。","baseline":"环氧改性体系，介质损耗0.006，210℃压合。对标的进口型号及整机厂名称不公开。","indicators":"介电常数3.0±0.05(10GHz)；介质损耗≤0.0018；吸水率≤0.05%；剥离强度≥0.8N/mm","product":"高频覆铜板","mode":"合作开发","budget":"1200000","deadline":"2027-06-30","urgency":"特急","region":"岚屏市","date":"2026-10-02","source":"平台（示例，虚构）","collector":"阚嘉知","consent":"需求内容"}',X'361BDEB5A4B9A66B3BBCB5B1DB2E5EEB');
INSERT INTO "version" VALUES(7,4,4,3,2,X'AFA67E6E80202CAB469266B98DA03485','{"id":"N-0401","enterprise_code":"91990101912000492K","enterprise":"云汀赛珩陶瓷科技有限公司","title":"高导热陶瓷基板烧成温度过高且易翘","summary":"征集散热陶瓷基板降温烧成与平整度控制技术，要求热导率、翘曲同时达标并适配现有氮气炉，并给出样品。","description":"我厂做功率LED和射频器件用的白色散热基板，客户要求从现有的130提高到170瓦以上，同时板面不能弯。目前用常压氮气炉1840℃保温6小时，炉膛钨件损耗很快，电费占制造成本三成；降到1780℃就烧不致密，断面能看到残留气孔。大片烧完中间鼓起40多微米，后道覆铜时压裂率高。试过加大氧化钇比例，热导反而掉下来。希望找到降低烧成温度又不牺牲导热的配方和排胶烧成制度，最好能在现有炉子上用。","baseline":"常压氮气炉1840℃保温6h，氧化钇5wt%，压烧覆砂。目前覆铜压裂率约11%，主要客户为一家射频器件厂，不便公开。","indicators":"热导率≥170W/(m·K)；烧成温度≤1780℃；翘曲度≤20μm；抗弯强度≥350MPa","product":"氮化铝陶瓷基板","chain":"电子信息材料","mode":"委托开发","budget":"600000","deadline":"2026-12-31","maturity_wanted":"6","region":"云汀市","date":"2026-07-23","source":"平台（示例，虚构）","collector":"祁望","status":"待对接"}',X'85A7F9642AFB2C31A5B9ABB6FC595943');
INSERT INTO "version" VALUES(8,6,6,3,3,X'C71559A60BEBB12D0114C474B009A93B','{"id":"N-0404","enterprise_code":"919904029120660886","enterprise":"岚屏禾旌覆铜板股份有限公司","title":"毫米波雷达板材信号衰减大","summary":"寻求可常规压合的低损耗高频板材树脂体系，改善吸湿后衰减上升，适用于车载毫米波天线，并给出样品。","description":"给车载雷达天线供板，77GHz下插入损耗比进口板高出一截，整机厂测距缩水。我们现在的体系是环氧改性的，吸水后性能飘得厉害，85/85放三天损耗因子能涨一倍。换氟树脂做过两批，孔壁镀不上铜，层压又要370℃以上，压机做不了。想要一种能在220℃左右压合、钻孔沉铜照常规走、介电数值随温度变化小的胶液配方，并协助把涂布上胶窗口摸清楚。","baseline":"环氧改性体系，介质损耗0.006，210℃压合。对标的进口型号及整机厂名称不公开。","indicators":"介电常数3.0±0.05(10GHz)；介质损耗≤0.0018；吸水率≤0.05%；剥离强度≥0.8N/mm","product":"高频覆铜板","mode":"合作开发","budget":"1200000","deadline":"2027-06-30","urgency":"特急","region":"岚屏市","date":"2026-10-02","source":"平台（示例，虚构）","collector":"阚嘉知","consent":"需求内容"}',X'81A6AB551F3461BE79C76F26A3A24779');
CREATE INDEX version_batch ON version (batch);
CREATE TRIGGER version_is_kept BEFORE DELETE ON version
  BEGIN SELECT RAISE(ABORT, 'a version is never deleted'); END;
CREATE INDEX decision_pair ON decision (need, patent);
CREATE TRIGGER decision_is_kept BEFORE DELETE ON decision
  BEGIN SELECT RAISE(ABORT, 'a decision is never deleted'); END;
CREATE INDEX alias_record ON alias (record);
CREATE TRIGGER unmet_is_kept BEFORE DELETE ON unmet
  BEGIN SELECT RAISE(ABORT, 'a question is never deleted'); END;
CREATE INDEX saved_user ON saved (user);
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
  BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;
CREATE TRIGGER unmet_stays BEFORE UPDATE ON unmet
  BEGIN SELECT RAISE(ABORT, 'a question is never changed'); END;
CREATE TRIGGER version_stays BEFORE UPDATE ON version
  BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('batch',3);
INSERT INTO "sqlite_sequence" VALUES('user',1);
INSERT INTO "sqlite_sequence" VALUES('saved',1);
COMMIT;
PRAGMA application_id = 1685416298;
PRAGMA user_version = 5;
