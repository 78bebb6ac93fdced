namespace Realtime.Models.Mtm;

/// <summary>Which bins a live answer rests on.</summary>
public enum MtmLiveMode
{
    /// <summary>From the trial's start on, one new bin per tick, keys and values kept; exact under the strict causal mask. Past the last position there is no answer before the next trial.</summary>
    Trial,

    /// <summary>The last bins, all computed anew each tick; exact, any prompt, costly.</summary>
    Sliding,

    /// <summary>Rotary positions and limited backward context: keys live on for as long as the context reaches. Needs a model trained so.</summary>
    Rotary,
}
