/** English of Help. */
export const englishHelp = {
  helpPictureTitle: "What the picture shows",
  helpPicture:
    "Each home has a battery, solar panels and an inverter (UPS), joined to a DC grid that it shares with its neighbours. One home shows all of it live, after Figure 4-2 of the specification; small numbers are the figure’s.",
  helpArrows:
    "An arrow points where power goes now. The wider the edge, the more power; a dashed edge carries none. Every edge has its number.",
  helpAc: "AC from the utility, through the meters P1 and P2",
  helpDemand: "What the house uses, by way of the UPS",
  helpSolar: "Solar power, from the panels (PV) through the charge controller (PVC)",
  helpBattery: "Into or out of the battery",
  helpGrid: "Over the DC grid, through the DC/DC converter",
  helpLoss: "Lost in devices, or used by the home’s own electronics",
  helpWasted: "Wasted: other power that a full battery cannot take",
  helpUps:
    "The UPS feeds the house from the battery. With the usual settings it goes to bypass at 30 % of charge and back at 35 %; at 20 % it charges the battery from AC, up to 25 %.",
  helpSigns:
    "Battery power is positive while it charges. Grid power and Grid current are positive while the home takes from the DC grid.",
  helpAttachTitle: "How to attach apis-main",
  helpAttach: "Start one apis-main for each home. In its config.json write:",
  helpAttachUnits: "Give each the number of its home, E001 and so on; there are {count} homes now.",
  helpAttachElsewhere:
    "If apis-main runs on another machine, start the emulator with --host 0.0.0.0 and write this machine’s address as the host.",
  helpAttachPath:
    "apis-main cannot send a path. Give it this community’s own host instead: its name, a dot, and the host of this deployment.",
  helpLogin: "Where a community asks for a key:",
  helpLoginLink: "log in or out",
  helpAttachHttps:
    "apis-main speaks plain HTTP only, and this page came by HTTPS: let it use the bridge, npx apis-emulator bridge --to and this address, on its own machine.",
  helpAttachSpeed:
    "10 is a good acceleration for apis-main: it looks every five seconds of real time, however fast simulated time goes.",
  helpAttachWeb: "Any program may use the Web API, for example:",
  helpTryTitle: "What to try first",
  helpTryWatch: "Open E001 under One home and watch where its power goes.",
  helpTrySet: "Under Homes, type 90 into rsoc of E001 and press Set: only what you typed is sent.",
  helpTryHold:
    "Let E001 hold the bus: choose Status Grid autonomy (0x0014), type Grid current 2 and Grid voltage 350, then Set. The bus rises to 350 V.",
  helpTryDeal:
    "Let E002 charge from it: choose Status Charging (0x0041), type Grid current 2 and Grid voltage 350, then Set. Community shows who gives and who takes.",
  helpTryFast:
    "Press ×600 in the time bar: ten minutes a second. Charts fill as you watch; +1 day goes a day on at once.",
  helpTryEnd:
    "Set both Status fields back to Waiting (0x0000), and press Reset under Emulation to begin anew.",
  helpKeysTitle: "By keyboard",
  helpKeys:
    "Tab goes through everything. Enter in a field sets its card, Escape takes back what is typed in it. Arrow keys move the cursor of charts and of the heat map; Space on a name in a chart’s legend hides its line.",
  helpCurtailed: "Curtailed: solar power that is not let in, since the battery is full",
  helpCharts:
    "Charts show simulated time in bins: lines are the means over each bin, bands what was between its minimum and its maximum. The bin’s length stands above the chart.",
  helpDealTitle: "The first deal of apis-main",
  helpDealMode:
    "The published policy.json says operationMode stop, and then nobody deals: write autonomous there, or press Run in apis-main_controller.",
  helpDealCharges:
    "All homes begin at 50 % of charge, where all ask for energy and none gives. Under Homes set rsoc of E001 to E004 to 95, 40, 85 and 45: the first and third give, the others take.",
  helpDealWatch:
    "Soon a home holds the bus at 350 V and 50 Wh begin to flow at 1 A; Community shows from whom to whom.",
  helpDealOvershoot:
    "Since apis-main looks every five seconds of real time, deals overshoot at high acceleration: of 50 Wh asked for, about 63 pass at 60 and 100 at 200.",
  helpDealReset:
    "Reset in a deal makes all converters wait: the bus goes dead and apis-main breaks the deal off with an error. Reset takes up the six homes of jsontmp/fakeResponse.json, unless you keep the number.",
  helpDealRemove:
    "Remove Unit in a deal takes a home away that apis-main asks for: it goes to operation mode stop. Set autonomous again, or press Run, once the home is back.",
} as const;
