"""Writes the list of common passwords that identity refuses: `python deploy/passwords/make_list.py`.

The words are those that people are known to choose: the everyday English ones, Chinese phrases and numbers in
pinyin, the office's own words, walks over the keyboard, and the most frequent surnames with the most frequent
given names. Digits and signs at the ends need no entries, because identity strips them before it looks a word up.
"""

from itertools import product
from pathlib import Path

TARGET = Path(__file__).parents[2] / "services" / "identity" / "domain" / "common-passwords.txt"

ENGLISH = """
abc abcd abcde abcdef abcdefg abcdefgh access account admin administrator adobe alex alexander amanda
amateur america andrea andrew angel angels animal anthony apple arsenal asdf ashley asshole august austin
baby babygirl bailey banana bank barney baseball basketball batman beach bear beautiful bigdaddy bigdog
biteme black blink blue bond boomer boss boston brandon brandy bubba buster butter butterfly california
camaro carlos cassie champion changeme charles charlie cheese chelsea chester chicago chicken china
chocolate chris christ christian cocacola coffee company computer cookie cooper corvette cowboy cowboys
crystal daddy dakota dallas daniel danielle data database david death debug default demo demodemo denver
diamond digital doctor dolphin dragon driver eagle eagles edward einstein elephant email enter eric extreme
falcon family father ferrari fish flower flowers football forever freddy freedom friend friends gandalf
garfield gateway george ghost giants ginger god golden golf golfer google grandma green guest guitar hacker
hammer hannah happy hardcore harley heather hello hellohello helpme hockey home honda hotmail hunter iceman
iloveu iloveyou internet iwantu jackie jackson jaguar jasmine jason jasper jennifer jessica jesus john
johnny jordan joseph joshua junior justin keyboard killer king kitty knight ladies lakers lauren legend
letmein letme liverpool local login london lonely love lovelove lovely loveme lover loveyou lucky maggie
magic manager manchester mark marina marine marlboro martin master matrix matthew maverick mercedes merlin
michael michelle mickey microsoft mike miller mine money monica monkey monster morgan mother mountain muffin
music mustang naruto natasha nature network newpass newpassword nicholas nicole nothing number oracle office
online open orange packers pass passpass passphrase passw passwd password passwordpassword passwort patrick
peanut pepper phoenix player please pokemon police porsche power prince princess private public purple
qazwsx qwe qweasd qweasdzxc qwer qwert qwerty qwertyui qwertyuiop rabbit rachel rainbow ranger raymond
redskins redsox richard robert rocket root rootroot runner samantha samsung sandra scooter scorpion secret
secure security server service shadow silver simon simple slipknot smokey snoopy soccer sophie spider spring
startrek starwars steelers steven student success summer sunday sunshine super superman support sweet
swordfish sysadmin system taylor teacher tennis test tester testing testtest thomas thunder thx tiger tigger
time toor toyota trustno trustme tester tomcat turtle united user username victoria viking warrior web
webadmin website welcome whatever william willow windows winner winter wizard wordpass work xavier yamaha
yankees yellow young zaq zxcvb zxcvbn zxcvbnm january february march april may june july august september
october november december monday tuesday wednesday thursday friday saturday
"""

CHINESE = """
woaini woaiwo woaiwojia woaiziji woainilaopo woainilaogong woaibaba woaimama woaibaobao woaizhongguo aini
ainiwo ainiyiwannian wobuzhidao woshishui woshini woshiwo woshinidie woshinibaba wodemima wodejia woxihuanni
woxiangni wangjile mima mimamima mimashi mimawangle xinmima jiumima yonghu yonghuming denglu dengluming
zhanghao zhongguo zhongguoren zhonghua beijing shanghai guangzhou shenzhen jiangxi nanchang pingxiang anyuan
xiangdong lianhua shangli luxi laopo laogong baobao baobei beibei nihao nihaoma tiantian xinxin xixi haha
hahaha hehe heihei xiaoxiao xiaobao xiaolong xiaoming xiaohong xiaojie xiaoyu xiaozhu zhuzhu dabao erbao
mingming lingling fangfang yuanyuan jiajia yangyang tingting tongtong doudou maomao gougou kuaile xingfu
pingan jiankang facai gongxi gongxifacai wanshiruyi shengri shengrikuaile xinnian xinniankuaile jiayou
fendou nuli xuexi gongzuo shenghuo youxi diannao shouji dianhua weixin zhifubao taobao baidu tengxun zhengfu
renminzhengfu shizhengfu xianzhengfu quzhengfu bangong bangongshi bangongting shiwei xianwei quwei jiguan
danwei danweimima gongwen gongwenxitong xitong xitongguanli guanli guanliyuan guanlizhe anquan anquanguanli
shenji shenjiguanli wenshu jiyao jiyaoshi dangan danganguan danganju juzhang kezhang zhuren shizhang
xianzhang quzhang zhenzhang xiangzhang shuji chuzhang mishu mishuke caizheng caizhengju jiaoyu jiaoyuju
minzheng minzhengju fagaiwei renshe rensheju ziranziyuan weijianwei yingji yingjiju shuju shujuju dashuju
gongan gonganju jiaotong jiaotongju shuili shuiliju nongye huanbao wangluo wangluoanquan zhengwu zhengwuwang
yiwangxietong yiwangtongban yiwang xietong wuwang chushimima chushi morenmima moren ceshi ceshizhanghao
shiyan yanshi woaigongzuo aiguo aidang dangyuan gongchandang qingnian tuanjie fuqiang minzhu wenming hexie
ziyou pingdeng gongzheng fazhi jingye chengxin youshan
"""

OFFICE = """
office oa oaadmin oasystem oaoffice govadmin gov government govgov zwfw egov ezhengwu sysadmin secadmin
audadmin auditadmin securityadmin systemadmin superadmin suadmin adminadmin administrator adminpassword
passwordadmin yiwangadmin root rootadmin postgres rabbitmq rabbit guestguest
"""

SURNAMES = """
zhao qian sun li zhou wu zheng wang feng chen chu wei jiang shen han yang zhu qin you xu he lv shi zhang
kong cao yan hua jin tao qi xie zou yu bai shui dou yun su pan ge fan peng lang lu chang ma miao fang ren
yuan liu bao tang fei lian luo lei xiao hao an le shi fu kang bu gu meng huang mu yin yao shao mao dong
liang du ruan lan xi ji jia lin zhong cai tian hu ling huo wan deng ding xuan guo nie wen long ye duan liao
tan zeng
"""

GIVEN = """
wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xia ping gang hui hong hua jian
bo bin fei xin ning ling peng lin yu ying mei qin zhen lan hao xuan zihan zixuan haoyu yuxuan jianguo
jianhua guoqiang xiaoming xiaohong xiaoli xiaoyan zhiqiang weiwei lili fangfang haibo haiyan
"""

ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol", "0p")
NUMBERS = """
520 521 1314 5201314 1314520 5211314 7758521 7758258 147258369 159357 741852963 963852741 789456123
112233445566
"""


def keyboard_walks() -> set[str]:
    """Pieces of keyboard rows in both directions, and neighbouring columns one after another."""
    walks: set[str] = set()
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        walks.update(row[start:end] for start in range(len(row)) for end in range(start + 4, len(row) + 1))
    for start in range(len(COLUMNS)):
        for end in range(start + 1, min(start + 5, len(COLUMNS)) + 1):
            piece = COLUMNS[start:end]
            walks.update({"".join(piece), "".join(part[::-1] for part in piece)})
    return {walk for walk in walks if len(walk) >= 4}


def words() -> list[str]:
    """Every entry, sorted."""
    names = {surname + given for surname, given in product(SURNAMES.split(), GIVEN.split())}
    listed = f"{ENGLISH} {CHINESE} {OFFICE} {SURNAMES} {NUMBERS}".split()
    return sorted({*listed, *names, *keyboard_walks()})


if __name__ == "__main__":
    TARGET.write_text("\n".join(words()) + "\n", encoding="ascii")
