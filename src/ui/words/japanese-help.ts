import type { englishHelp } from "./english-help.ts";

/** Japanese of Help. */
export const japaneseHelp: Readonly<Record<keyof typeof englishHelp, string>> = {
  helpPictureTitle: "図の見方",
  helpPicture:
    "各住宅には電池、太陽光パネル、インバータ（UPS）があり、近隣と共有する DC グリッドにつながっています。「住宅」は仕様書の図 4-2 のとおりにそのすべてを今の値で示します。小さな番号は図の番号です。",
  helpArrows:
    "矢印は今の電力の向きです。線が太いほど電力が大きく、破線には流れていません。どの線にも値があります。",
  helpAc: "商用電源からの AC（電力計 P1、P2 を通る）",
  helpDemand: "宅内で UPS を通して使う電力",
  helpSolar: "太陽光：パネル（PV）から充電制御器（PVC）を通る電力",
  helpBattery: "電池に出入りする電力",
  helpGrid: "DC/DC コンバータを通して DC グリッドでやり取りする電力",
  helpLoss: "機器の損失と住宅の装置自身の消費",
  helpWasted: "余剰：満充電の電池が受け取れない、太陽光以外の電力",
  helpUps:
    "UPS は電池から宅内に給電します。標準の設定では充電率 30 % でバイパスになり 35 % で戻ります。20 % では AC から 25 % まで充電します。",
  helpSigns: "電池電力は充電が正です。グリッド電力とグリッド電流は DC グリッドから受け取るときが正です。",
  helpAttachTitle: "apis-main の接続方法",
  helpAttach: "住宅ごとに apis-main を 1 つ起動します。その config.json に次のように書きます。",
  helpAttachUnits: "それぞれに住宅の番号（E001 など）を付けます。現在 {count} 軒の住宅があります。",
  helpAttachElsewhere:
    "apis-main が別の機械で動く場合は、--host 0.0.0.0 を付けてエミュレータを起動し、host にこの機械のアドレスを書きます。",
  helpAttachPath:
    "apis-main はパスを送れません。代わりに、このコミュニティの名前とこの配備のホスト名を点でつないだホストを指定してください。",
  helpLogin: "鍵が必要なコミュニティでは：",
  helpLoginLink: "ログイン・ログアウト",
  helpAttachHttps:
    "apis-main は暗号化しない HTTP だけを使いますが、この画面は HTTPS で届いています。apis-main の動く機械でブリッジ npx apis-emulator bridge --to（この画面のアドレス）を使ってください。",
  helpAttachSpeed:
    "apis-main には加速率 10 が適しています。シミュレーション時刻の速さによらず、実時間で 5 秒ごとに値を読むためです。",
  helpAttachWeb: "Web API はどのプログラムからも使えます。例：",
  helpTryTitle: "最初に試すこと",
  helpTryWatch: "「住宅」で E001 を開き、電力の流れを見ます。",
  helpTrySet:
    "「住宅一覧」で E001 の充電率 rsoc に 90 と入力し「設定」を押します。入力した値だけが送られます。",
  helpTryHold:
    "E001 に電圧を保たせます：ステータスでグリッド自律（0x0014）を選び、グリッド電流 2、グリッド電圧 350 を入力して「設定」。バスが 350 V に上がります。",
  helpTryDeal:
    "E002 に充電させます：ステータスで充電（0x0041）を選び、グリッド電流 2、グリッド電圧 350 を入力して「設定」。「コミュニティ」に供給中と受取中の住宅が出ます。",
  helpTryFast:
    "時刻の欄で ×600 を押すと、1 秒で 10 分進み、グラフが伸びていきます。「+1 日」ではすぐに 1 日進みます。",
  helpTryEnd:
    "両方のステータスを待機（0x0000）に戻します。最初からやり直すには「エミュレーション」のリセットを押します。",
  helpKeysTitle: "キーボード操作",
  helpKeys:
    "Tab ですべてを回れます。欄で Enter を押すとそのカードを設定し、Escape で入力を取り消します。グラフと充電率の図では矢印キーでカーソルが動き、凡例の名前で Space を押すと線が隠れます。",
  helpCurtailed: "抑制：電池が満充電のため取り込まれない太陽光",
  helpCharts:
    "グラフはシミュレーション時刻を区間に分けて示します。線は区間の平均、帯は最小から最大までです。区間の長さはグラフの上に書かれています。",
  helpDealTitle: "apis-main の最初の融通",
  helpDealMode:
    "公開されている policy.json の operationMode は stop で、このままでは融通が始まりません。autonomous と書くか、apis-main_controller で Run を押します。",
  helpDealCharges:
    "どの住宅も充電率 50 % で始まり、すべてが電力を求め、供給する住宅がありません。「住宅一覧」で E001 から E004 の rsoc を 95、40、85、45 に設定すると、1 番目と 3 番目が供給し、ほかが受け取ります。",
  helpDealWatch:
    "まもなく 1 軒がバスを 350 V に保ち、1 A で 50 Wh が流れ始めます。「コミュニティ」にどこからどこへ流れるかが出ます。",
  helpDealOvershoot:
    "apis-main は実時間で 5 秒ごとに値を読むため、加速率が高いと融通量が超過します。50 Wh の依頼に対し、加速率 60 で約 63 Wh、200 で約 100 Wh が流れます。",
  helpDealReset:
    "融通中のリセットではすべてのコンバータが待機になり、バスの電圧がなくなり、apis-main は融通をエラーで打ち切ります。軒数を保つ選択をしなければ jsontmp/fakeResponse.json の 6 軒になります。",
  helpDealRemove:
    "融通中のユニット削除では apis-main が使っている住宅がなくなり、apis-main の動作モードは stop になります。住宅を戻してから autonomous に設定するか Run を押してください。",
};
