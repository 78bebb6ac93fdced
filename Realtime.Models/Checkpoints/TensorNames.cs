using System.Text.RegularExpressions;

namespace Realtime.Models.Checkpoints;

/// <summary>
/// The tensors that the networks of this program have. A checkpoint with others is of another network: leaving one out would decode
/// something else than was trained.
/// </summary>
internal static partial class TensorNames
{
    public static bool IsPoyo(string name) => Shared().IsMatch(name) || Poyo().IsMatch(name);

    public static bool IsPossm(string name) => Shared().IsMatch(name) || Possm().IsMatch(name);

    public static bool IsMtm(string name) => Mtm().IsMatch(name);

    [GeneratedRegex(
        """
        ^(
          (unit_emb|session_emb|token_type_emb|latent_emb)\.weight
        | rotary_emb\.omega
        | (enc_atn|dec_atn)\.((norm|norm_context|to_out)\.(weight|bias)|(to_q|to_kv)\.weight)
        | proc_layers\.[0-9]+\.0\.((norm|to_out)\.(weight|bias)|to_qkv\.weight)
        | (enc_ffn|dec_ffn|proc_layers\.[0-9]+\.1)\.(0|1\.net\.0|1\.net\.3)\.(weight|bias)
        )\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Shared();

    [GeneratedRegex(@"^readout\.(weight|bias)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Poyo();

    [GeneratedRegex(
        """
        ^(
          task_emb\.weight
        | dec_rotary_emb\.omega
        | backbone\.net\.(weight|bias)_(ih|hh)_l[0-9]+
        | readout\.projections\.[^.]+\.(weight|bias)
        )\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Possm();

    [GeneratedRegex(
        """
        ^(
          encoder\.stitcher\.stitcher_dict\.[^.]+\.(weight|bias)
        | stitch_decoder\.stitch_decoder_dict\.[^.]+\.(weight|bias)
        | decoder\.0\.(weight|bias)
        | encoder\.embedder\.((embed_spikes|projection)\.(weight|bias)|embed_(pos|prompt|session)\.weight)
        | encoder\.layers\.[0-9]+\.(ln1|ln2|attn\.(query|key|value|out_proj)|mlp\.(up_proj|down_proj))\.(weight|bias)
        | encoder\.out_norm\.(weight|bias)
        )\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Mtm();
}
