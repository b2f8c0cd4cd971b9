import type { Intent } from './intent.ts'

export interface LocalIntent extends Intent {
  readonly namespace: 'billing' | 'product' | 'account'
  readonly locale: string
}

/** A few customers write in their own language; their answers are cached like all others. */
export const localIntents: readonly LocalIntent[] = [
  {
    namespace: 'billing',
    locale: 'de',
    topic: 'cancel',
    questions: [
      'Wie kündige ich mein Abo vor der Verlängerung?',
      'Wie kann ich mein Abo vor der Verlängerung kündigen?',
      'Abo vor der Verlängerung kündigen',
    ],
    answer: 'Ein Inhaber kündigt unter Einstellungen > Tarif > Kündigen. Das Abo bleibt bis zum Ende des bezahlten Zeitraums nutzbar.',
  },
  {
    namespace: 'billing',
    locale: 'de',
    topic: 'invoices',
    questions: ['Wo finde ich die Rechnung von Ledgerly für den letzten Monat?', 'Wo ist die Ledgerly Rechnung für den letzten Monat?'],
    answer: 'Unter Einstellungen > Abrechnung > Rechnungen, als PDF oder XRechnung, ab dem ersten Werktag des Folgemonats.',
  },
  {
    namespace: 'product',
    locale: 'de',
    topic: 'export',
    questions: ['Wie exportiere ich Belege für DATEV?', 'Wie kann ich Belege für DATEV exportieren?', 'Belege für DATEV exportieren'],
    answer: 'Berichte > DATEV-Export, Zeitraum wählen, Beraternummer eintragen. Die Datei steht nach wenigen Minuten bereit.',
  },
  {
    namespace: 'account',
    locale: 'de',
    topic: 'login',
    questions: ['Ich habe mein Passwort vergessen, wie setze ich es zurück?', 'Passwort vergessen, wie setze ich es zurück?'],
    answer: 'Auf der Anmeldeseite „Passwort vergessen" wählen. Der Link in der E-Mail gilt eine Stunde.',
  },
  {
    namespace: 'billing',
    locale: 'fr',
    topic: 'payment',
    questions: ['Comment changer le moyen de paiement de mon espace de travail ?', 'Changer le moyen de paiement de mon espace de travail'],
    answer: 'Dans Paramètres > Facturation > Moyen de paiement. Le nouveau moyen est utilisé dès la prochaine facture.',
  },
  {
    namespace: 'product',
    locale: 'fr',
    topic: 'reminders',
    questions: ['Comment envoyer une relance de paiement automatique ?', 'Envoyer une relance de paiement automatique'],
    answer: 'Paramètres > Relances > Ajouter une étape, puis le nombre de jours avant ou après l\u2019échéance.',
  },
  {
    namespace: 'account',
    locale: 'fr',
    topic: 'users',
    questions: ['Comment inviter un collègue dans mon espace de travail ?', 'Inviter un collègue dans mon espace de travail'],
    answer: 'Paramètres > Utilisateurs > Inviter. L\u2019invitation est valable 14 jours.',
  },
  {
    namespace: 'billing',
    locale: 'zh',
    topic: 'cancel',
    questions: ['怎样在续费之前取消订阅？', '如何在续费之前取消订阅？', '在续费之前取消订阅'],
    answer: '请由所有者在“设置 > 套餐 > 取消”中操作。订阅在已付费周期结束前仍可使用。',
  },
  {
    namespace: 'product',
    locale: 'zh',
    topic: 'export',
    questions: ['怎样把去年的发票导出为 Excel 文件？', '如何把去年的发票导出为 Excel 文件？'],
    answer: '打开“销售 > 发票”，选择去年，然后点击“导出 > Excel”。文件准备好后会发送链接，有效期 7 天。',
  },
  {
    namespace: 'account',
    locale: 'zh',
    topic: 'login',
    questions: ['登录时收不到验证码怎么办？', '登录时收不到验证码，怎么办'],
    answer: '请检查垃圾邮件，并让管理员允许发件人 no-reply@ledgerly.example。连续失败五次后地址会被锁定一小时。',
  },
  {
    namespace: 'product',
    locale: 'ja',
    topic: 'templates',
    questions: ['請求書のテンプレートに会社のロゴを追加する方法は？', '請求書のテンプレートに会社のロゴを追加したい'],
    answer: '「設定 > テンプレート > 請求書 > 編集」でロゴを配置します。変更は新しい請求書から適用されます。',
  },
]
